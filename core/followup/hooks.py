"""What the follow-up says through the contract."""
