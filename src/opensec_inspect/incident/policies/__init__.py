"""Scripted defenders beside `careful`: each shows one way to be wrong, or one way to know too little."""
