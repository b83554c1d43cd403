"""The example for a cluster: it can be read, its parts agree, and what holds notes has no way out."""

import json
import re
from pathlib import Path

import pytest
import yaml

DEPLOY = Path(__file__).parent.parent / "deploy"
README = (DEPLOY / "README.md").read_text("utf-8")
HUB = yaml.safe_load((DEPLOY / "jupyterhub.yaml").read_text("utf-8"))
GATEWAY = yaml.safe_load((DEPLOY / "dask-gateway.yaml").read_text("utf-8"))
POLICIES = {
    policy["metadata"]["name"]: policy["spec"]
    for policy in yaml.safe_load_all((DEPLOY / "network.yaml").read_text("utf-8"))
}
KUBE_SYSTEM = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}
# The labels that the charts and Gateway's controller give to their pods.
PODS = {
    "server": {"app": "jupyterhub", "component": "singleuser-server"},
    "hub": {"app": "jupyterhub", "component": "hub"},
    **{
        part: {"app.kubernetes.io/name": "dask-gateway", "app.kubernetes.io/component": part}
        for part in ("traefik", "gateway", "controller", "dask-scheduler", "dask-worker")
    },
}


def pins(path):
    return dict(re.findall(r"^([\w.-]+)==(\S+)$", path.read_text("utf-8"), re.MULTILINE))


def selected(selector):
    """Which pods a selector of labels takes."""
    wanted = {key: [value] for key, value in selector.get("matchLabels", {}).items()}
    for row in selector.get("matchExpressions", []):
        assert row["operator"] == "In"
        wanted[row["key"]] = row["values"]
    return {name for name, labels in PODS.items() if all(labels.get(key) in values for key, values in wanted.items())}


def rows(policy, way):
    """Who may be reached, or come in, at which port; None is any."""
    end = {"egress": "to", "ingress": "from"}[way]
    for rule in policy[way]:
        assert rule.get(end), "an empty list is everybody"
        for peer in rule[end]:
            for port in rule.get("ports", [{"port": None}]):
                yield peer, port["port"]


def reached(policy, way):
    return {
        (pod, port) for peer, port in rows(policy, way) if peer != KUBE_SYSTEM for pod in selected(peer["podSelector"])
    }


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*.yaml")), ids=lambda path: path.name)
def test_every_file_can_be_read(path):
    assert all(isinstance(document, dict) for document in yaml.safe_load_all(path.read_text("utf-8")))


def test_what_the_docs_show_can_be_read():
    blocks = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert [type(yaml.safe_load(block)) for block in blocks] == [dict, list]
    for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        compile(block, "deploy/README.md", "exec")


def test_schedulers_and_workers_have_no_way_out():
    policy = POLICIES["dask-clusters"]
    assert selected(policy["podSelector"]) == {"dask-scheduler", "dask-worker"}
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert reached(policy, "egress") == {("dask-scheduler", None), ("dask-worker", None), ("gateway", 8000)}
    outside = {json.dumps(peer): port for peer, port in rows(policy, "egress") if "podSelector" not in peer}
    assert outside == {json.dumps(KUBE_SYSTEM): 53}
    assert reached(policy, "ingress") == {
        ("dask-scheduler", None), ("dask-worker", None), ("traefik", 8786), ("gateway", 8788)
    }  # fmt: skip


def test_gateway_opens_to_peoples_servers_at_one_door():
    door, interface = POLICIES["gateway-door"], POLICIES["gateway-interface"]
    assert selected(door["podSelector"]) == {"traefik"}
    assert reached(door, "ingress") == {("server", 8000)}
    assert selected(interface["podSelector"]) == {"gateway"}
    assert reached(interface, "ingress") == {("traefik", 8000), ("dask-scheduler", 8000), ("dask-worker", 8000)}
    assert GATEWAY["traefik"]["service"]["type"] == HUB["proxy"]["service"]["type"] == "ClusterIP"


def test_a_server_has_no_way_out_but_to_gateway():
    policy = HUB["singleuser"]["networkPolicy"]
    allowed = [name for name, yes in policy["egressAllowRules"].items() if yes]
    assert allowed == ["dnsPortsKubeSystemNamespace"]
    assert reached(policy, "egress") == {("traefik", 8000)}
    assert len(list(rows(policy, "egress"))) == 1
    assert not any(HUB["proxy"]["chp"]["networkPolicy"]["egressAllowRules"].values())


def test_nobody_gets_in_or_into_anothers_server_unless_the_admin_says_so():
    config = HUB["hub"]["config"]
    assert config["JupyterHub"] == {"authenticator_class": "null", "admin_access": False}
    assert config["KubeSpawner"] == {"delete_pvc": False}
    service = GATEWAY["gateway"]["auth"]["jupyterhub"]["jupyterhubServiceName"]
    assert service in HUB["hub"]["services"]
    for role in HUB["hub"]["loadRoles"].values():
        assert f"access:services!service={service}" in role["scopes"]


def test_no_image_comes_from_elsewhere_when_the_admin_forgets_to_name_it():
    for image in (HUB["singleuser"]["image"], GATEWAY["gateway"]["backend"]["image"]):
        assert image == {"name": "fill-in/discovery-workbench", "tag": "fill-in"}


def test_nothing_of_dask_runs_as_root_or_answers_without_a_password():
    backend = GATEWAY["gateway"]["backend"]
    for part in ("scheduler", "worker"):
        assert backend[part]["extraPodConfig"]["securityContext"]["runAsNonRoot"] is True
        assert backend[part]["extraContainerConfig"]["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        routes = backend["environment"][f"DASK_DISTRIBUTED__{part.upper()}__HTTP__ROUTES"]
        assert json.loads(routes) == ["distributed.http.health"]
    assert GATEWAY["gateway"]["extraConfig"]["commands"].count("--no-dashboard") == 2
    assert re.findall(r"^USER (\S+)$", (DEPLOY / "Dockerfile").read_text("utf-8"), re.MULTILINE) == ["1000:100"]


def test_gateway_starts_commands_that_the_pinned_dask_has():
    """Its own defaults, dask-scheduler and dask-worker, went with distributed 2026.6."""
    from importlib.metadata import entry_points

    class Config:
        class KubeClusterConfig:
            pass

    exec(GATEWAY["gateway"]["extraConfig"]["commands"], {"c": Config})
    known = {entry.name for entry in entry_points(group="dask_cli")}
    for first, second, *_ in (Config.KubeClusterConfig.scheduler_cmd, Config.KubeClusterConfig.worker_cmd):
        assert first in {entry.name for entry in entry_points(group="console_scripts")}
        assert second in known


def test_a_worker_has_the_memory_that_a_fit_insists_on():
    from workbench.themes.workers import LEAST_MEMORY

    memory = GATEWAY["gateway"]["backend"]["worker"]["memory"]
    assert int(memory["limit"].removesuffix("G")) * 1e9 >= LEAST_MEMORY
    assert memory["limit"] == memory["request"]


def test_the_image_has_the_releases_that_the_values_are_for():
    ours, theirs = pins(DEPLOY.parent / "constraints.txt"), pins(DEPLOY / "constraints.txt")
    assert not set(ours) & set(theirs)
    hub, gateway = (DEPLOY / "jupyterhub.yaml").read_text("utf-8"), (DEPLOY / "dask-gateway.yaml").read_text("utf-8")
    chart, release = re.search(r"release ([\d.]+) \(JupyterHub ([\d.]+)\)", hub).groups()
    assert theirs["jupyterhub"] == release
    assert theirs["dask-gateway"] == re.search(r"Dask Gateway, release ([\d.]+)\.", gateway)[1]
    assert f"--version {chart} " in README
    assert f"--version {theirs['dask-gateway']} " in README
    assert f"dask-gateway-server=={theirs['dask-gateway']} " in (DEPLOY / "rehearsal.py").read_text("utf-8")


def test_what_the_image_is_made_of_is_there():
    for source in re.findall(r"^COPY (.+) \S+$", (DEPLOY / "Dockerfile").read_text("utf-8"), re.MULTILINE):
        assert [name for name in source.split() if not (DEPLOY.parent / name).exists()] == []
        assert [name for name in source.split() if not sent(name)] == []


def sent(name):
    """Whether the list of what goes to the build has it, itself or the folder it is in."""
    kept = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    return any(f"!{part}" in kept for part in (name, *map(str, Path(name).parents)))


def test_lab_in_the_image_asks_nothing_of_the_network_as_on_a_desk():
    settings = json.loads((DEPLOY / "jupyter_lab_config.json").read_text("utf-8"))
    assert settings == {"LabApp": {"extension_manager": "readonly", "news_url": None}}
    command = (DEPLOY.parent / "workbench" / "cli" / "__init__.py").read_text("utf-8")
    for option in ("--LabApp.extension_manager=readonly", "--LabApp.news_url=None"):
        assert option in command


def test_what_a_cluster_says_stands_in_the_docs_as_it_says_it():
    themes = DEPLOY.parent / "workbench" / "themes"
    said = "".join((themes / f"{module}.py").read_text("utf-8") for module in ("engines", "workers"))
    shown = (DEPLOY.parent / "docs" / "scale.md").read_text("utf-8")
    for words in (
        "No Dask worker is there yet; waiting for the first",
        "cannot work on it (",
        " and this process ",
        " of memory, and needs ",
        "A worker died several times over ",
        "most likely for want of memory",
    ):
        assert words in said
        assert words in shown


def test_every_file_is_in_the_table_of_files():
    table = README.partition("| file |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`([\w.-]+)`", table)) == {path.name for path in DEPLOY.iterdir() if path.is_file()} - {"README.md"}  # fmt: skip
