"""What applications says through the contract."""
