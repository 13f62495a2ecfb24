"""What tests do with the product: helpers, no tests."""
