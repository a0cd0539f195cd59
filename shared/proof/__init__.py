"""The proof that a challenge may be published: its reference is right, its cases notice mistakes, its words are true.

`prove.prove` runs it, `strengthen.strengthen` adds the cases it asks for, `report.report` tells it to a person,
`ledger` keeps what was proven for those who may not run it (a function in a request). All code runs in
`shared.sandbox`.
Nothing is imported here: the ledger's readers start without the rest.
"""
