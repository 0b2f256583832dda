"""Reading documents safely and checking them against form packages: folders of data, never code."""
