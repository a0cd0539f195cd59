"""JavaScript and TypeScript for proofs, read by `read.mjs` on node with Stryker's instrumenter and Babel (versions in
`package-lock.json`; `make javascript` installs them). Programs are parsed there, and never executed."""
