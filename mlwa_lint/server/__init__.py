"""The language server: diagnostics and more for documents that an editor holds, saved or not.

Two threads share the work. The event loop of pygls takes messages and keeps the documents; the main thread
evaluates, one thing after the other, since only there rules have their time limit, and since the working
folder and the overlay of documents belong to the process as a whole.
"""
