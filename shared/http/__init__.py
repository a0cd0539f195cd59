"""What HTTP edges share: problem details (RFC 9457). Imports no web framework."""

from shared.http.problem import CONTENT_TYPE, Problem, problem_of, readable, unexpected

__all__ = ["CONTENT_TYPE", "Problem", "problem_of", "readable", "unexpected"]
