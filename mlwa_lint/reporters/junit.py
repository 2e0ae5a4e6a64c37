"""JUnit XML: one test case per finding; what could not be read is an error."""

from xml.etree import ElementTree as Xml

from mlwa_lint.filters.result import Result
from mlwa_lint.reporters.escaping import xml_text
from mlwa_lint.reporters.summary import ReportStyle, internal_error, notices, sentence


def render(result: Result, view: ReportStyle) -> str:
    """The report as one test suite."""
    suite = Xml.Element("testsuite", name="mlwa-lint")
    for finding in result.findings:
        place = f"{finding.span.path}:{finding.span.line}:{finding.span.column}"
        case = _case(suite, finding.span.path, f"{finding.code} {finding.name} {place}")
        failure = Xml.SubElement(case, "failure", type=finding.severity, message=xml_text(sentence(finding)))
        lines = [place, *(each.address for each in finding.instances), finding.reason, finding.remedy]
        lines.append(finding.help)
        failure.text = xml_text("\n".join(line for line in lines if line))
    for finding in result.suppressed:
        case = _case(suite, finding.span.path, f"{finding.code} {finding.name} {finding.address}")
        Xml.SubElement(case, "skipped", message=xml_text(f"suppressed: {finding.suppressed or 'no reason'}"))
    for finding in result.baselined or ():
        case = _case(suite, finding.span.path, f"{finding.code} {finding.name} {finding.address}")
        Xml.SubElement(case, "skipped", message="known to the baseline")
    unread = [(p.path, f"{p.place}: {p.message}") for p in result.fatal]
    unread += [(e.path, internal_error(e)) for e in result.errors]
    for path, message in unread:
        Xml.SubElement(_case(suite, path, path), "error", type="error", message=xml_text(message))
    if not len(suite):
        _case(suite, "mlwa-lint", "no findings")
    if result.notices:
        Xml.SubElement(suite, "system-err").text = xml_text("\n".join(notices(result.notices)))
    skipped = len(result.suppressed) + len(result.baselined or ())
    counts = {
        "tests": len(suite.findall("testcase")),
        "failures": len(result.findings),
        "errors": len(unread),
        "skipped": skipped,
        "time": 0,
    }
    suite.attrib.update({name: str(number) for name, number in counts.items()})
    suites = Xml.Element("testsuites", name="mlwa-lint")
    suites.append(suite)
    Xml.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(suites, encoding="unicode") + "\n"


def _case(suite: Xml.Element, path: str, name: str) -> Xml.Element:
    return Xml.SubElement(suite, "testcase", classname=xml_text(path), name=xml_text(name), time="0")
