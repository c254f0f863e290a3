"""Layer rules, a file for each family; importing this package registers them."""
