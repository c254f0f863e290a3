"""Problems in words: one file per problem code, with its message, related places and quick fixes."""
