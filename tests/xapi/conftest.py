from tests.api.conftest import ada, open_world, world  # noqa: F401  the API of these tests
