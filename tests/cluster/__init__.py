"""What is deployed, tried without a cluster."""
