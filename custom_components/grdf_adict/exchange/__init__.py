"""Files in and files out: imports, exports, the watched folder, its report."""
