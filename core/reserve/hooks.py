"""What the reserve says through the contract."""
