"""From a target to the projects that rules run on, with the front end that it needs."""

from collections.abc import Sequence
from pathlib import Path

from mlwa_lint.discovery.modules import is_terraform
from mlwa_lint.discovery.target import SIZE_LIMIT, Target
from mlwa_lint.files import PROGRAMS, TERRAFORM
from mlwa_lint.files.endings import ProjectFiles, files_of
from mlwa_lint.files.paths import inside
from mlwa_lint.files.reading import is_file, overlaid, read_text, real_path, text_if_readable
from mlwa_lint.frontends.code import with_code
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.kinds import (
    AGENT,
    AGENTCORE_GATEWAY,
    AGENTCORE_RUNTIME,
    ALARM,
    APP_RUNNER,
    BUCKET,
    ENDPOINT,
    ENDPOINT_CONFIG,
    GLUE_CRAWLER,
    GUARDRAIL,
    KNOWLEDGE_BASE,
    MODEL,
    PIPELINE,
    REPOSITORY,
    ROLE,
    STATE_MACHINE,
    STUDIO_DOMAIN,
    TASK_DEFINITION,
)
from mlwa_lint.model.resources import INLINE_POLICIES, POLICY_DOCUMENTS, Project, Resource
from mlwa_lint.model.values import ListValue, MapValue, Value
from mlwa_lint.startup.patterns import lazy

_SECURITY_POLICY = "AWS::OpenSearchServerless::SecurityPolicy"
_NOTED = frozenset(
    {
        *(AGENTCORE_GATEWAY, AGENTCORE_RUNTIME, GUARDRAIL),
        *("AWS::OpenSearchServerless::AccessPolicy", _SECURITY_POLICY),
    }
)
_APIS = frozenset({"AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"})
_PROMPTING = frozenset({APP_RUNNER, KNOWLEDGE_BASE, TASK_DEFINITION})
# What files for machine learning elsewhere may name.
_NAMED = frozenset(
    {BUCKET, REPOSITORY, "AWS::Athena::WorkGroup", "AWS::DynamoDB::Table", "AWS::Glue::Database"}
)
_OBSERVED = frozenset({ALARM, ENDPOINT, GLUE_CRAWLER, PIPELINE, STATE_MACHINE})
# A custom resource of the CDK that makes a call of the SDK.
CREATED_BY_CALL = "Custom::AWS"
# Projects of these alone have no findings, so that nothing about the repository matters to them.
_IDLE = frozenset({"AWS::SNS::Topic", "AWS::SQS::Queue"})
# Where what is stored may be encrypted with a key of the customer.
_STORING = (
    "AWS::Bedrock",
    "AWS::Comprehend::",
    "AWS::Forecast::",
    "AWS::Glue::",
    "AWS::Kendra::",
    "AWS::Lex::",
    "AWS::OpenSearchServerless::",
    "AWS::Personalize::",
    "AWS::QBusiness::",
    "AWS::Rekognition::",
    "AWS::S3",
    "AWS::SageMaker::",
    "aws_sagemaker_",
)
# What can run in a VPC of the account.
_IN_NETWORKS = ("AWS::BedrockAgentCore::", "AWS::SageMaker::")
# What is queried, perhaps from elsewhere in the repository.
_QUERIED = "AWS::Athena::"
# What the path of a template or configuration has that is no longer in use.
_MAY_BE_ASIDE = lazy(
    r"(?i)archive|attic|backup|bak|bck|bkp|copy|deprecated|legacy|obsolete|old|orig|outdated|previous|scratch"
    r"|stale|unused|\(\d"
)
_DOCUMENTED = frozenset({STATE_MACHINE, PIPELINE})


def load(target: Target, options: LoadOptions) -> list[Project]:
    """The projects of a target. What cannot be read or understood becomes problems of a project."""
    path = Path(target.path)
    within = path / "_" if target.kind in ("terraform", "cdk") else path
    options, own = _of_own_project(within, options.listing_files(path.parent), target.beside)
    weighed = (_weighed(project, within, options, own) for project in _loaded(target, options, own))
    return [_as_stated(each, options.operated) for each in weighed]


def _as_stated(project: Project, operated: bool | None) -> Project:
    """The project as the configuration states whether someone operates it, whatever the repository shows."""
    if operated is None:
        return project
    return project._replace(operated=operated, tries=project.tries and not operated)


def _own_files(within: Path, options: LoadOptions) -> ProjectFiles | None:
    """The files of the project that a file is in: what lies beside that shows nothing of it.

    None where there is no project, so that the file is read alone.
    """
    if options.root is None:
        return None
    from mlwa_lint.files.own import own_root

    own = own_root(options.root, within)
    return options.files if options.files is not None and own == options.root else files_of(own)


def _of_own_project(
    within: Path, options: LoadOptions, beside: Sequence[str] = ()
) -> tuple[LoadOptions, ProjectFiles | None]:
    """The options with the files of the project that a file is in alone, and these.

    beside: what is loaded with it, perhaps of another project: all of the files matter then.
    """
    own = _own_files(within, options)
    others = (_own_files(Path(each), options) for each in beside)
    if own is None or any(each is None or each.root != own.root for each in others):
        return options, own
    return options._replace(files=own), own


def _may_be_ported(project: Project, files: ProjectFiles) -> bool:
    """Whether a project is a template, and Terraform beside it may declare the same."""
    if all(each.vocabulary.language != "cloudformation" for each in project.resources):
        return False
    return files.once(_has_terraform)


def _has_terraform(files: ProjectFiles) -> bool:
    return bool(files.named_like(lambda name: name.endswith(TERRAFORM), 1))


def _weighed(project: Project, within: Path, options: LoadOptions, files: ProjectFiles | None) -> Project:
    """The project with what all of the repository shows of what its findings weigh.

    within: a file of the project, or of its folder. files: those of the project.
    """
    if options.root is None or files is None or files.root is None or _is_idle(project):
        return project
    from mlwa_lint.frontends.trials import is_operated, is_trial

    aside = _MAY_BE_ASIDE.search(project.root) or any(map(_MAY_BE_ASIDE.search, project.sources))
    if aside or _may_be_ported(project, files):
        from mlwa_lint.frontends.put_aside import with_put_aside

        project = with_put_aside(project, files)
    needless, named, operated = False, False, True
    stores = any(each.type.startswith(_STORING) for each in project.resources)
    if stores:
        from mlwa_lint.frontends.customer_keys import names_keys, needs_no_key

        needless, named = needs_no_key(project, files), names_keys(project, files)
    # Elsewhere, all texts of the repository would be read for nothing.
    declared = [each for each in project.resources if each.vocabulary.language != "python"]
    if stores or any(each.vocabulary.language == "terraform" or each.type == ROLE for each in declared):
        operated = is_operated(project, files)
    tries = is_trial(project, _between(files.root, within.parent), files)
    alone = keyed = False
    if stores and len(declared) < len(project.resources):
        from mlwa_lint.frontends.bucket_keys import has_only_keyed_buckets

        keyed = has_only_keyed_buckets(files)  # a program may get their names from where they are declared
    if any(each.type.startswith(_IN_NETWORKS) for each in project.resources):
        from mlwa_lint.frontends.networks import has_no_network

        alone = has_no_network(files)
    project = project._replace(needs_no_key=needless, names_keys=named, needs_no_network=alone)
    project = project._replace(tries=tries, operated=operated, keyed_buckets=keyed)
    if any(each.type == ENDPOINT and each.vocabulary.language != "python" for each in project.resources):
        from mlwa_lint.frontends.applied import applied_by, is_applied_by_hand

        script = applied_by(within, files)
        project = project._replace(applied=script, applied_by_hand=is_applied_by_hand(script, files))
    if any(each.type.startswith(_QUERIED) for each in project.resources):
        from mlwa_lint.frontends.ml_beside import may_be_queried

        project = project._replace(queried_for_ml=may_be_queried(project, within.parent, files))
    if not project.reusable:
        return _with_given_values(project, within.parent, files)
    from mlwa_lint.frontends.terraform.uncalled import is_uncalled

    return project._replace(uncalled=is_uncalled(project, within.parent, files))


def _is_idle(project: Project) -> bool:
    return _IDLE.issuperset(each.type for each in project.resources)


def _with_given_values(project: Project, folder: Path, files: ProjectFiles) -> Project:
    """The project with the variables that scripts of the repository give."""
    if not any(each.vocabulary.language == "terraform" for each in project.resources):
        return project
    from mlwa_lint.frontends.terraform.given_values import given_values

    return project._replace(given=given_values(folder, files))


def _loaded(target: Target, options: LoadOptions, own: ProjectFiles | None) -> list[Project]:
    if target.kind == "python":
        return [_program(project, options, own) for project in _evaluated(target, options)]
    found = [_completed(project, options, own) for project in _evaluated(target, options)]
    if target.kind not in ("terraform", "plan", "cdk"):
        found = [_with_tags(project, own) for project in found]
    if options.root is None or all(map(_is_idle, found)):
        return found
    # Programs state for each resource whether it is an example; for others, the repository decides.
    from mlwa_lint.frontends.declarations import called_for_learning, declared_by, with_vulnerable

    folder = Path(target.path) if target.kind in ("terraform", "cdk") else Path(target.path).parent
    top = (own and own.root) or options.root
    declared = declared_by(_between(top, folder), top, own)
    named = [called_for_learning(project.resources, top) for project in found]
    return [
        with_vulnerable(project, _between(top, folder))._replace(
            teaches=project.teaches or declared.shown or called,
            taught=project.taught or declared.lesson or called,
            place=_place_of(project, options.root),
        )
        for project, called in zip(found, named, strict=True)
    ]


def _place_of(project: Project, root: Path) -> str:
    """Where a project that lies outside of the working folder is below the repository; else nothing."""
    if ".." not in project.root.split("/") and not Path(project.root).is_absolute():
        return ""
    below = inside(Path(project.root), root)
    return "" if below is None else below.relative_to(real_path(root)).as_posix()


def _between(root: Path, folder: Path) -> list[Path]:
    """The folder of a project, and those below it down to another one."""
    below = inside(folder, root)
    steps = below.relative_to(real_path(root)).parts if below is not None else ()
    return [root.joinpath(*steps[:depth]) for depth in range(len(steps) + 1)]


def _completed(project: Project, options: LoadOptions, own: ProjectFiles | None) -> Project:
    """A project of templates or Terraform with what other files of the repository show of its resources."""
    if any(each.type == CREATED_BY_CALL for each in project.resources):
        from mlwa_lint.frontends.sdk_calls import with_sdk_calls

        project = with_sdk_calls(project)
    completed = with_documents(with_code(project, options), options.files)
    types = {each.type for each in completed.resources}
    if STATE_MACHINE in types:
        from mlwa_lint.frontends.execution_inputs import with_execution_inputs

        completed = with_execution_inputs(completed, own)
    if ENDPOINT in types:
        from mlwa_lint.frontends.callers import with_callers

        completed = with_callers(completed, own)
    if not types.isdisjoint(_APIS):
        from mlwa_lint.frontends.public_apis import with_statements

        completed = with_statements(completed, own)
    if BUCKET in types:
        from mlwa_lint.frontends.fixed_objects import with_fixed_objects
        from mlwa_lint.frontends.pages import with_pages

        completed = with_fixed_objects(with_pages(completed), own)
    if not types.isdisjoint(_NAMED):
        from mlwa_lint.frontends.bucket_users import with_bucket_users

        completed = with_bucket_users(completed, own)
    if _has_named_role(completed):
        from mlwa_lint.frontends.role_users import with_role_users

        completed = with_role_users(completed, own)
    completed = _observed(completed, own)
    if AGENTCORE_RUNTIME in types:
        from mlwa_lint.frontends.agent_programs import with_models_of_agents

        completed = with_models_of_agents(completed, own)
    if MODEL in types:
        from mlwa_lint.frontends.container_code import with_container_code
        from mlwa_lint.frontends.registries import with_registry

        completed = with_registry(with_container_code(completed, options.files), own)
    if not types.isdisjoint(_NOTED):
        from mlwa_lint.frontends.agent_notes import with_agent_notes

        completed = with_agent_notes(completed, own)
    completed = _with_reasons(completed, own)
    if not types.isdisjoint(_PROMPTING):
        from mlwa_lint.frontends.prompts import with_prompts

        completed = with_prompts(completed, own)
    if STUDIO_DOMAIN in types:
        from mlwa_lint.frontends.domain_variants import with_variants

        completed = with_variants(completed, own)
    return completed


def _has_named_role(project: Project) -> bool:
    return any(each.type == ROLE and "RoleName" in each.properties.entries for each in project.resources)


def _program(project: Project, options: LoadOptions, own: ProjectFiles | None) -> Project:
    """A project of a program with what its functions and documents show, and what others do about it."""
    handles = own is not None and bool(project.resources)
    if handles and "ResourceProperties" in text_if_readable(Path(project.root), SIZE_LIMIT):
        from mlwa_lint.frontends.custom_properties import with_custom_properties

        project = with_custom_properties(project, own)
    observed = _observed(with_documents(with_code(project, options), options.files), own)
    observed = _with_reasons(observed, own)
    if any(each.type == _SECURITY_POLICY for each in observed.resources):
        from mlwa_lint.frontends.agent_notes import with_index_makers

        observed = with_index_makers(observed, own)
    if options.root is None:
        return observed
    from mlwa_lint.frontends.declarations import declared_by, with_vulnerable

    top = (own and own.root) or options.root
    folders = _between(top, Path(project.root).parent)
    observed = with_vulnerable(observed, folders)
    if not any(each.type == ROLE for each in observed.resources):
        return observed
    from mlwa_lint.frontends.role_users import with_role_users

    return with_role_users(observed, own)._replace(taught=declared_by(folders, top, own).lesson)


def _observed(project: Project, own: ProjectFiles | None) -> Project:
    """The project with what other files do about its alarms, endpoints and crawlers."""
    if _OBSERVED.isdisjoint(each.type for each in project.resources):
        return project
    from mlwa_lint.frontends.observers import with_observers

    return with_observers(project, own)


def _with_reasons(project: Project, own: ProjectFiles | None) -> Project:
    """The project with the choices that comments state, and what documents state of its agents."""
    types = {each.type for each in project.resources}
    if AGENT in types:
        from mlwa_lint.frontends.stated_choices import with_stated_choices

        project = with_stated_choices(project, own)
    if ENDPOINT_CONFIG in types:
        from mlwa_lint.frontends.stated_choices import with_prices

        project = with_prices(project, own)
    if not any(map(_may_have_comments, project.sources)):
        return project
    from mlwa_lint.frontends.setting_comments import with_stated_reasons

    return with_stated_reasons(project)


def _may_have_comments(path: str) -> bool:
    text = text_if_readable(Path(path), SIZE_LIMIT)
    return "# " in text or "// " in text


def _with_tags(project: Project, files: ProjectFiles | None) -> Project:
    """The project with what scripts of the repository tag, for the stacks of templates."""
    from mlwa_lint.frontends.cloudformation.stack_tags import tagged_templates

    tagged = tagged_templates(project, files)
    return project._replace(tagged=tagged) if tagged else project


def load_text(text: str, name: str, options: LoadOptions) -> list[Project]:
    """The project of a template, program or Terraform file that was handed over as text under a name.

    The text of a Terraform file replaces that file in its module; without a name, or a folder of that
    name, it is a module of its own.
    """
    options, own = _of_own_project(Path(name), options.listing_files(Path(name).parent))
    return [_weighed(project, Path(name), options, own) for project in _of_text(text, name, options, own)]


def _of_text(text: str, name: str, options: LoadOptions, own: ProjectFiles | None) -> list[Project]:
    if name.endswith(PROGRAMS):
        from mlwa_lint.frontends.python.project import load as load_program

        with overlaid(_in_place_of(name, text)):
            return [_program(load_program(Path(name), options, text), options, own)]
    if is_terraform(name):
        from mlwa_lint.frontends.terraform.project import load as load_module
        from mlwa_lint.run.standard_input import UNNAMED

        path = Path(name)
        files = None if path.parent.is_dir() and path.stem != UNNAMED else [path]
        with overlaid({real_path(path): text.encode("utf-8", "replace")}):
            return [_completed(load_module(path.parent, options, files), options, own)]
    from mlwa_lint.frontends.cloudformation.stacks.project import load as load_template

    options = options.listing_files(Path(name).parent)
    project = _with_tags(load_template(Path(name), options, text), own)
    # Comments are read from the text at hand, not from the file that it replaces.
    with overlaid(_in_place_of(name, text)):
        return [_completed(project, options, own)]


def _in_place_of(name: str, text: str) -> dict[str, bytes]:
    """A text by the real path of the file that it replaces; nothing where there is no such file."""
    return {real_path(Path(name)): text.encode("utf-8", "replace")} if is_file(name) else {}


def with_documents(project: Project, files: ProjectFiles | None = None) -> Project:
    """The project with the jobs that its state machines and pipelines declare, and its policies read.

    files: where documents may lie that are named by their place in S3.
    """
    if any(map(_has_policy_as_text, project.resources)):
        from mlwa_lint.frontends.policy_texts import with_policies_read

        project = with_policies_read(project)
    if not any(resource.type in _DOCUMENTED for resource in project.resources):
        return project
    from mlwa_lint.frontends.documents import expand

    return expand(project, files)


def _has_policy_as_text(resource: Resource) -> bool:
    """Whether the document of one of its policies may be a text, which may be anything but JSON."""
    entries = resource.properties.entries
    return any(
        _may_be_text(entries[name].value) for name in (*POLICY_DOCUMENTS, INLINE_POLICIES) if name in entries
    )


def _may_be_text(value: Value) -> bool:
    if isinstance(value, ListValue):
        return value.rest is not None or any(map(_may_be_text, value.items))
    document = value.entries.get("PolicyDocument") if isinstance(value, MapValue) else None
    return _may_be_text(document.value) if document is not None else not isinstance(value, MapValue)


def _evaluated(target: Target, options: LoadOptions) -> Sequence[Project]:
    path = Path(target.path)
    if target.linked:
        from mlwa_lint.frontends.terraform.together import load_together as load_linked

        return load_linked([path, *map(Path, target.linked)], options)
    if target.kind == "terraform":
        from mlwa_lint.frontends.terraform.project import load as load_module

        return [load_module(path, options, callers=tuple(map(Path, target.beside)))]
    if target.kind == "plan":
        from mlwa_lint.frontends.terraform.plan.plan import load as load_plan

        return [load_plan(path, options, read_text(path, SIZE_LIMIT, "replace"))]
    if target.kind == "python":
        from mlwa_lint.frontends.python.project import load as load_program

        return [load_program(path, options)]
    if target.kind == "cdk":
        from mlwa_lint.frontends.cloudformation.stacks.cdk import load as load_assembly

        return load_assembly(path, options)
    if target.beside:
        from mlwa_lint.frontends.cloudformation.stacks.together import load_together

        return load_together([path, *map(Path, target.beside)], lambda _: options)
    from mlwa_lint.frontends.cloudformation.stacks.project import load as load_template

    return [load_template(path, options)]
