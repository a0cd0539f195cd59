"""What the API says and takes, as pydantic models: the contract clients are generated from."""
