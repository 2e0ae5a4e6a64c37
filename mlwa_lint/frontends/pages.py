"""Buckets that are meant to be read by everyone: outputs give the address of a page in them.

`https://${Pages.RegionalDomainName}/index.html` leads to the bucket itself. Without the settings of a website
nothing else in a template shows it: a program uploads the pages, each with a list that opens it.
"""

import posixpath
from pathlib import Path

from mlwa_lint.files.reading import text_if_readable
from mlwa_lint.model.resources import PAGE_OF, Project, Resource
from mlwa_lint.startup.patterns import lazy

_BUCKET = "AWS::S3::Bucket"
_SIZE = 1_000_000
# What a template and Terraform call the part of the address, and a page after it.
_ADDRESS = lazy(
    r"https?://\$\{(?:(?P<template>\w{1,255})\.(?:Regional|DualStack)?DomainName"
    r"|aws_s3_bucket\.(?P<terraform>[\w-]{1,255})(?:\[[^\]\n]{1,40}\])?\.bucket(?:_regional)?_domain_name)\}"
    r"(?:/[\w.-]{1,80}){0,4}\.html?\b"
)


def with_pages(project: Project) -> Project:
    """The project with which of its buckets are read at an address that its files state."""
    folders = {posixpath.dirname(each.span.path) for each in project.resources if each.type == _BUCKET}
    named: dict[tuple[str, str], str] = {}
    for source in project.sources:
        folder = posixpath.dirname(source)
        if folder not in folders:
            continue
        text = text_if_readable(Path(source), _SIZE)
        if ".htm" not in text:
            continue
        for found in _ADDRESS.finditer(text):
            place = source if found["template"] else folder
            named[place, found["template"] or found["terraform"]] = source
    if not named:
        return project
    return project._replace(resources=tuple(_noted(each, named) for each in project.resources))


def _noted(resource: Resource, named: dict[tuple[str, str], str]) -> Resource:
    name = resource.address.rpartition(".")[2].partition("[")[0]
    path = resource.span.path
    source = named.get((path, name)) or named.get((posixpath.dirname(path), name))
    if resource.type != _BUCKET or source is None:
        return resource
    return resource.with_note(PAGE_OF, posixpath.basename(source))


__all__ = ["with_pages"]
