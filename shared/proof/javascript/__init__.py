"""JavaScript and TypeScript for proofs, read by `read.cjs` on node with Stryker's instrumenter and Babel (versions in
`package-lock.json`; `install.py` puts them there). Programs are parsed there, and never executed."""
