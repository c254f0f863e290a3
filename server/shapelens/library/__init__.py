"""What each library's callables do to shapes: rules registered by canonical name."""
