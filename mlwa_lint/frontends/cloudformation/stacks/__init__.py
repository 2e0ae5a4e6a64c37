"""Templates that belong together: nested stacks, CDK assemblies, exports."""
