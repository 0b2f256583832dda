"""The console: pages for people and a control interface for programs, on a listener that no fault ever strikes."""
