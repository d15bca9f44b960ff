"""Reading files that people hand in: minutes, transcripts, forms, evidence. Untrusted, so parsed in a child process.

`sandbox` is the way in; `parse` and what it calls run in the child only.
"""
