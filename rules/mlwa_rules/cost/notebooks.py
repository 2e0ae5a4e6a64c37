"""Cost of notebooks: idle ones that keep running, and oversized ones."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import NOTEBOOK, STUDIO_DOMAIN
from mlwa_lint.graph.machines.instances import accelerator, xlarge_units
from mlwa_lint.graph.queries import purposes
from mlwa_lint.graph.queries.scripts import stops_idle_apps
from mlwa_lint.rule import (
    Answer,
    Claim,
    Data,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    rule,
    set_to,
    some,
)

_LARGE = 4  # times xlarge
_SETTINGS = ("DefaultUserSettings", "DefaultSpaceSettings")
# The applications of Studio Classic.
_CLASSIC = ("JupyterServerAppSettings", "KernelGatewayAppSettings")
_APPS = (
    "JupyterLabAppSettings",
    "CodeEditorAppSettings",
    "KernelGatewayAppSettings",
    "JupyterServerAppSettings",
    "RSessionAppSettings",
)


@rule(
    "MLC401",
    "notebook-without-idle-shutdown",
    "medium",
    subject="idle",
    practices=("MLCOST04-BP08", "MLSUS03-BP01"),
    on=(NOTEBOOK,),
    remedy=Remedy(
        "Set `LifecycleConfigName` to a lifecycle configuration that stops idle instances.",
        "Set `lifecycle_config_name` to a lifecycle configuration that stops idle instances.",
    ),
)
def notebook_without_idle_shutdown(notebook: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Nothing stops a notebook instance when it is idle.

    It is billed by the hour. Left running over nights and weekends, it costs four times as much as the work.

    Only a script of its lifecycle configuration can stop an idle notebook instance. Any configuration counts:
    what its script does is not checked. The severity is medium where much money is at stake, on an
    accelerated type or one of 4xlarge and more, and low elsewhere. It is one less where tests deploy the
    instance, which delete it again.

    See [Customize a SageMaker notebook instance using an LCC
    script](https://docs.aws.amazon.com/sagemaker/latest/dg/notebook-lifecycle-config.html).
    """
    name = notebook["LifecycleConfigName"]
    dear = next(_dear_types(notebook), None)
    costly = f", which runs on {dear.words}," if dear is not None else ""
    yield Claim(
        name.is_absent(),
        name,
        f"nothing stops {notebook}{costly} when it is idle: {name} should name a lifecycle configuration that"
        " does",
        None if dear is not None else "low",
        milder=purposes.why_tested(graph),
    )


@rule(
    "MLC402",
    "oversized-notebook",
    "low",
    practices=("MLCOST04-BP01",),
    on=(NOTEBOOK, STUDIO_DOMAIN),
    remedy=Remedy("Set `InstanceType: ml.t3.medium`.", 'Set `instance_type = "ml.t3.medium"`.'),
)
def oversized_notebook(resource: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """A notebook runs on an accelerated or very large instance.

    Most of the time a notebook waits for its user. Heavy work is cheaper in a job, on the instance that it
    needs and only for as long as it takes.

    Very large means 4xlarge and more. For Studio, the defaults of a domain's users and spaces count.

    See [Instance types available for use with Studio notebooks](https://docs.aws.amazon.com/sagemaker/latest/dg/notebooks-available-instance-types.html).
    """
    for view in _instance_types(resource):
        kinds = view.texts or ("",)
        size = min(map(xlarge_units, kinds))
        accelerated = all(accelerator(kind) for kind in kinds)
        what = "an accelerated type" if accelerated else f"{size:g} times as large as xlarge"
        if len(kinds) > 1 and not accelerated:
            what = "accelerated or very large types"
        yield Claim(
            view.test(_is_oversized),
            view,
            f"{resource} runs notebooks on {view.words}, {what}: {view} should be a type such as "
            "ml.t3.medium",
        )


def _instance_types(resource: ResourceView) -> list[View]:
    if resource.type == NOTEBOOK:
        return [resource["InstanceType"]]
    return [
        resource[f"{settings}.{app}.DefaultResourceSpec.InstanceType"]
        for settings in _SETTINGS
        for app in _APPS
    ]


def _dear_types(resource: ResourceView) -> Iterator[View]:
    """The types that notebooks certainly run on and that cost dollars an hour, not cents."""
    return (view for view in _instance_types(resource) if certainly(view.test(_is_oversized)))


def _is_oversized(kind: str) -> bool:
    return accelerator(kind) is not None or xlarge_units(kind) >= _LARGE


@rule(
    "MLC403",
    "studio-without-idle-shutdown",
    "medium",
    subject="idle",
    practices=("MLCOST04-BP08", "MLSUS03-BP01"),
    on=(STUDIO_DOMAIN,),
    remedy=Remedy(
        "Set `AppLifecycleManagement: {IdleSettings: {LifecycleManagement: ENABLED}}` for JupyterLab.",
        'Set `lifecycle_management = "ENABLED"` in `app_lifecycle_management.idle_settings`.',
    ),
)
def studio_without_idle_shutdown(domain: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """Studio leaves idle applications running.

    JupyterLab and Code Editor run on instances that are billed until they are stopped; closing the browser
    does not stop them.

    The idle settings of JupyterLab or Code Editor in the domain's default user settings count if
    LifecycleManagement is ENABLED. They hold for the private spaces of users whose profile sets nothing else;
    those of shared spaces are in the default space settings, which the message names where a domain has some.

    The severity is medium where much money is at stake, as applications run on an accelerated type or one of
    4xlarge and more by default. It is low elsewhere, and where a lifecycle configuration of the default user
    settings stops idle applications of Studio Classic (JupyterServer, KernelGateway), which the message then
    leaves out.

    Exceptions: domains whose lifecycle configuration for JupyterLab or Code Editor stops idle applications,
    as its name or its script states.

    See [Idle shutdown](https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-idle-shutdown.html).
    """
    jupyter, editor = (_idle(domain, app) for app in _APPS[:2])
    idle: Data = {"LifecycleManagement": "ENABLED", "IdleTimeoutInMinutes": 60}
    enabled: Answer = jupyter.equals("ENABLED") | editor.equals("ENABLED")
    scripted = some(_has_script(domain, app, graph) for app in _APPS[:2])
    classic = [app for app in _CLASSIC if certainly(_has_script(domain, app, graph))]
    which = "JupyterLab and Code Editor applications" if classic else "applications"
    covered = " and ".join(app.removesuffix("AppSettings") for app in classic)
    # Where the domain sets up one of the two alone, what it sets is what it should enable.
    editor_alone = certainly(editor.is_present() & jupyter.is_absent())
    place, app = (editor, _APPS[1]) if editor_alone else (jupyter, _APPS[0])
    dear = next(_dear_types(domain), None)
    costly = f", by default on {dear.words}" if dear is not None else ""
    shared = _settings(domain, app, "DefaultSpaceSettings")["LifecycleManagement"]
    also = certainly(domain["DefaultSpaceSettings"].is_present() & ~shared.equals("ENABLED"))
    beside = f", and {shared} for shared spaces" if also else ""
    yield Claim(
        ~enabled & ~scripted,
        place,
        f"{domain} leaves idle {which} running{costly}: {place} should be ENABLED{beside}",
        None if dear is not None else "low",
        fix=set_to(_settings(domain, app), idle, risk="work that looks idle is stopped after an hour"),
        milder=f"a lifecycle configuration stops idle applications of {covered}"
        if classic and dear is not None
        else "",
    )


def _has_script(domain: ResourceView, app: str, graph: GraphView) -> Answer:
    """Whether a lifecycle configuration of the default user settings stops idle applications of a kind."""
    settings = domain[f"DefaultUserSettings.{app}"]
    arns = (settings["LifecycleConfigArns"], settings["DefaultResourceSpec.LifecycleConfigArn"])
    return some(stops_idle_apps(each, graph) for each in arns)


def _idle(domain: ResourceView, app: str) -> View:
    return _settings(domain, app)["LifecycleManagement"]


def _settings(domain: ResourceView, app: str, of: str = "DefaultUserSettings") -> View:
    return domain[f"{of}.{app}.AppLifecycleManagement.IdleSettings"]
