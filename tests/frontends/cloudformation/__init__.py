"""Tests of the CloudFormation front end."""
