# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds and runs the programs of a Kubernetes control plane; see ./cluster."""
import base64
import ctypes
import fcntl
import hashlib
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
SOURCE = os.path.join(HERE, "controlplane")
# In the order in which they start.
PARTS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")
READY_WITHIN = 120
# Below the ports that the kernel hands out by itself: a part that is started again finds its own free.
PORTS = range(20000, 32000)


# What the go command says when there is no network and nothing downloaded.
UNREACHABLE = ("dial tcp", "no such host", "connection refused", "i/o timeout", "GOPROXY=off", "proxyconnect")


class Trouble(Exception):
    """One sentence for a person."""


class Unavailable(Trouble):
    """No control plane can be had here, and that is nobody's fault."""


# The programs ---------------------------------------------------------------------------------------------------

def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    digest = hashlib.sha256()
    for name in ("go.mod", "go.sum", "main.go"):
        with open(os.path.join(SOURCE, name), "rb") as file:
            digest.update(file.read())
    return os.path.join(base, "wavewright-tests", "controlplane", digest.hexdigest()[:16])


def program():
    return os.path.join(cache_folder(), "controlplane")


def pinned(word):
    """What go.mod says after a word."""
    with open(os.path.join(SOURCE, "go.mod")) as file:
        return next(line.split()[1] for line in file if line.split()[:1] == [word])


def find_go():
    """A Go that is new enough for the pins; None."""
    wanted = [int(part) for part in pinned("go").split(".")]
    for path in filter(None, (shutil.which("go"), "/usr/local/go/bin/go", "/usr/lib/go/bin/go")):
        if not os.access(path, os.X_OK):
            continue
        said = subprocess.run([path, "env", "GOVERSION"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              cwd="/", env=dict(os.environ, GOTOOLCHAIN="local")).stdout.strip()
        if re.match(r"go\d+(\.\d+)*$", said) and [int(part) for part in said[2:].split(".")] >= wanted:
            return path
    return None


def why_not():
    """Why no cluster is started here by the tests; "" when one is."""
    if not os.environ.get("WAVEWRIGHT_CLUSTER"):
        return ("WAVEWRIGHT_CLUSTER=1 runs this against a real control plane (the first time it is built, in about ten "
                "minutes of Go), WAVEWRIGHT_E2E_KUBECONFIG against another cluster")
    if os.access(program(), os.X_OK) or find_go():
        return ""
    return f"Go {pinned('go')} or newer is not installed"


def kubernetes_version():
    return pinned("k8s.io/kubernetes")


def build():
    """The path of the binary, which is built when its pins have changed; one build at a time."""
    os.makedirs(cache_folder(), exist_ok=True)
    with open(os.path.join(cache_folder(), "lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.access(program(), os.X_OK):
            return program()
        go = find_go()
        if not go:
            raise Unavailable(f"Go {pinned('go')} or newer is not installed")
        version = kubernetes_version()
        major, minor = version[1:].split(".")[:2]
        stamp = "k8s.io/component-base/version"
        link = f"-s -w -X {stamp}.gitVersion={version} -X {stamp}.gitMajor={major} -X {stamp}.gitMinor={minor}"
        unfinished = program() + ".unfinished"
        environment = dict(os.environ, CGO_ENABLED="0", GOFLAGS="-buildvcs=false", GOGC="400")
        done = subprocess.run(
            ["nice", "-n", os.environ.get("WAVEWRIGHT_BUILD_NICE", "10"), go, "build", "-mod=readonly", "-trimpath",
             "-pgo=off", "-p", "2", "-gcflags=all=-dwarf=false", "-ldflags", link, "-o", unfinished, "."],
            cwd=SOURCE, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            if any(sign in done.stdout for sign in UNREACHABLE):
                raise Unavailable("the Go modules of the Kubernetes control plane cannot be downloaded")
            raise Trouble("The control plane could not be built:\n" + done.stdout[-2000:])
        os.rename(unfinished, program())
        return program()


# Certificates ---------------------------------------------------------------------------------------------------

def openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Trouble(f"openssl {arguments[0]} failed: {done.stderr.strip()[-300:]}")


class Authority:
    """A CA in a folder, and what it signs."""

    def __init__(self, folder):
        self.folder = folder
        self.certificate = os.path.join(folder, "ca.crt")
        self.key = os.path.join(folder, "ca.key")

    def make(self):
        os.makedirs(self.folder, mode=0o700)
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                "-subj", "/CN=wavewright-tests", "-keyout", self.key, "-out", self.certificate)

    def sign(self, base, subject, names=""):
        """base.crt and base.key, replaced in one step each."""
        extensions = base + ".cnf"
        with open(extensions, "w") as file:
            file.write("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n")
            file.write("extendedKeyUsage=" + ("serverAuth\nsubjectAltName=" + names if names else "clientAuth") + "\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject,
                "-keyout", base + ".key.new", "-out", base + ".csr")
        openssl("x509", "-req", "-in", base + ".csr", "-CA", self.certificate, "-CAkey", self.key, "-set_serial",
                str(random.getrandbits(60)), "-days", "30", "-extfile", extensions, "-out", base + ".crt.new")
        os.rename(base + ".key.new", base + ".key")
        os.rename(base + ".crt.new", base + ".crt")
        for left in (extensions, base + ".csr"):
            os.remove(left)


def encoded(path):
    with open(path, "rb") as file:
        return base64.b64encode(file.read()).decode()


# The cluster ----------------------------------------------------------------------------------------------------

class Cluster:
    def __init__(self, folder):
        self.folder = folder
        self.authority = Authority(self.path("pki"))
        self.foreground = False

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    # Starting and stopping

    def start(self, nodes, foreground):
        binary = build()
        if os.path.exists(self.path("cluster.json")):
            raise Trouble(f"{self.folder} has a cluster already; cluster stop it and remove the folder first")
        self.foreground = foreground
        if foreground:  # whatever ends us ends the cluster as well
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, lambda *_: sys.exit(0))
        os.makedirs(self.path("logs"), exist_ok=True)
        os.makedirs(self.path("users"), exist_ok=True)
        self.authority.make()
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", self.path("pki", "sa.key"))
        ports = free_ports(3)
        state = {"binary": binary, "etcd": ports[0], "api": ports[1], "kubelet": ports[2], "nodes": nodes}
        with open(self.path("cluster.json"), "w") as file:
            json.dump(state, file)
        self.reissue()
        self.user("admin", "system:masters")
        for part, user in (("kube-controller-manager", "system:kube-controller-manager"),
                           ("kube-scheduler", "system:kube-scheduler")):
            self.user(user, "")
            os.rename(self.path("users", user + ".kubeconfig"), self.path(part + ".kubeconfig"))
        shutil.copy(self.path("users", "admin.kubeconfig"), self.path("kubeconfig"))
        try:
            with open(self.path("stages.yaml"), "wb") as file:
                file.write(subprocess.run([program(), "kwok-stages"], stdout=subprocess.PIPE, check=True).stdout)
            self.run("etcd")
            self.run("kube-apiserver")
            self.wait_ready()
            for part in PARTS[2:]:
                self.run(part)
            self.furnish(nodes)
            print(f"{self.folder}/kubeconfig: Kubernetes {kubernetes_version()} on https://127.0.0.1:{ports[1]}",
                  flush=True)
            if foreground:
                self.obey()
        except BaseException:
            self.stop()
            raise
        if foreground:
            self.stop()

    def obey(self):
        """Verbs on standard input, one a line; each is answered by one line."""
        verbs = {"kill": self.kill, "resume": self.resume, "user": self.user, "reissue": self.reissue,
                 "compact": self.compact}
        for line in sys.stdin:
            verb, *arguments = line.split()
            try:
                print(f"done {verbs[verb](*arguments) or ''}".strip(), flush=True)
            except (Trouble, OSError) as trouble:
                print("trouble " + str(trouble).replace("\n", " "), flush=True)

    def stop(self):
        for part in reversed(PARTS):
            pid = self.pid(part)
            if pid:
                os.kill(pid, signal.SIGTERM)
                if part == "etcd" or not self.gone(part, 5):
                    os.kill(pid, signal.SIGKILL)
                self.gone(part, 5)

    def kill(self, part):
        pid = self.pid(part)
        if not pid:
            raise Trouble(f"{part} does not run")
        os.kill(pid, signal.SIGKILL)
        self.gone(part, 10)

    def resume(self, part):
        if self.pid(part):
            raise Trouble(f"{part} runs already")
        self.run(part)
        if part in ("etcd", "kube-apiserver") and self.pid("kube-apiserver"):
            self.wait_ready()

    # Processes

    def arguments(self, part):
        with open(self.path("cluster.json")) as file:
            state = json.load(file)
        etcd = f"http://127.0.0.1:{state['etcd']}"
        api = state["api"]
        pki = lambda name: self.path("pki", name)
        own = self.path(part + ".kubeconfig")
        return [state["binary"], part] + {
            "etcd": [
                "--data-dir", self.path("etcd"), "--listen-client-urls", etcd, "--advertise-client-urls", etcd,
                "--listen-peer-urls", "http://127.0.0.1:0", "--unsafe-no-fsync", "--log-level", "warn"],
            "kube-apiserver": [
                f"--etcd-servers={etcd}", f"--cert-dir={self.path('pki')}", "--bind-address=127.0.0.1",
                f"--secure-port={api}", "--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none",
                "--service-cluster-ip-range=10.96.0.0/16", "--allow-privileged=true",
                f"--service-account-issuer=https://127.0.0.1:{api}", f"--service-account-key-file={pki('sa.key')}",
                f"--service-account-signing-key-file={pki('sa.key')}", "--authorization-mode=RBAC",
                f"--client-ca-file={pki('ca.crt')}", f"--tls-cert-file={pki('apiserver.crt')}",
                f"--tls-private-key-file={pki('apiserver.key')}", "--shutdown-delay-duration=0s",
                "--watch-cache-sizes=leases.coordination.k8s.io#100"],
            "kube-controller-manager": [
                f"--kubeconfig={own}", "--leader-elect=false", "--bind-address=127.0.0.1", "--secure-port=0",
                f"--service-account-private-key-file={pki('sa.key')}", f"--root-ca-file={pki('ca.crt')}",
                f"--authentication-kubeconfig={own}", f"--authorization-kubeconfig={own}",
                # Nobody measures anything: the HPA is the practice behaviours'. The nodes are kwok's.
                "--controllers=*,-horizontal-pod-autoscaler-controller,-node-ipam-controller",
                # It takes the taint off a node that is ready; nobody renews the leases of nodes.
                "--node-monitor-grace-period=24h",
                "--use-service-account-credentials=true", "--concurrent-gc-syncs=5"],
            "kube-scheduler": [
                f"--kubeconfig={own}", "--leader-elect=false", "--bind-address=127.0.0.1", "--secure-port=0",
                f"--authentication-kubeconfig={own}", f"--authorization-kubeconfig={own}"],
            "kwok": [
                f"--config={self.path('stages.yaml')}",
                f"--kubeconfig={self.path('kubeconfig')}", "--manage-all-nodes=true", "--cidr=10.244.0.0/16",
                "--node-ip=127.0.0.1", f"--node-port={state['kubelet']}",
                f"--server-address=127.0.0.1:{state['kubelet']}", f"--tls-cert-file={pki('apiserver.crt')}",
                f"--tls-private-key-file={pki('apiserver.key')}"],
        }[part]

    def run(self, part):
        log = open(self.path("logs", part + ".log"), "ab")
        parent = os.getpid() if self.foreground else None

        def die_with_parent():
            if parent:
                ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        # An ended child would stay a zombie of the foreground process: children that end are forgotten.
        if parent:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # Small heaps rather than quick garbage collections: several clusters share a machine.
        environment = dict(os.environ, GOGC="100", KWOK_WORKDIR=self.path("kwok"), HOME=self.folder)
        process = subprocess.Popen(
            self.arguments(part), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, env=environment,
            start_new_session=True, preexec_fn=die_with_parent)
        with open(self.path(part + ".pid"), "w") as file:
            json.dump({"pid": process.pid, "started": started(process.pid)}, file)

    def pid(self, part):
        """Of the process that runs as a part of this cluster; None: it does not."""
        try:
            with open(self.path(part + ".pid")) as file:
                known = json.load(file)
        except (OSError, ValueError):
            return None
        return known["pid"] if known["started"] and started(known["pid"]) == known["started"] else None

    def gone(self, part, seconds):
        end = time.monotonic() + seconds
        while self.pid(part):
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    # Credentials

    def reissue(self):
        self.authority.sign(self.path("pki", "apiserver"), "/CN=kube-apiserver",
                            "IP:127.0.0.1,IP:10.96.0.1,DNS:localhost,DNS:kubernetes.default.svc")

    def user(self, name, group=""):
        base = self.path("users", name)
        self.authority.sign(base, (f"/O={group}" if group else "") + f"/CN={name}")
        with open(self.path("cluster.json")) as file:
            server = f"https://127.0.0.1:{json.load(file)['api']}"
        config = {
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "clusters": [{"name": "test", "cluster": {
                "server": server, "certificate-authority-data": encoded(self.authority.certificate)}}],
            "users": [{"name": name, "user": {
                "client-certificate-data": encoded(base + ".crt"), "client-key-data": encoded(base + ".key")}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": name}}]}
        with open(base + ".kubeconfig", "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            json.dump(config, file, indent=1)
        return base + ".kubeconfig"

    # Requests

    def compact(self):
        """Forgets etcd's history: what is watched from before is 410 Gone."""
        with open(self.path("cluster.json")) as file:
            port = json.load(file)["etcd"]

        def ask(path, body):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
                return json.loads(connection.getresponse().read())
            finally:
                connection.close()
        revision = ask("/v3/kv/range", {"key": "AA=="})["header"]["revision"]
        ask("/v3/kv/compaction", {"revision": revision, "physical": True})
        return revision

    def request(self, method, path, body=None):
        with open(self.path("cluster.json")) as file:
            port = json.load(file)["api"]
        context = ssl.create_default_context(cafile=self.authority.certificate)
        context.load_cert_chain(self.path("users", "admin.crt"), self.path("users", "admin.key"))
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)
        try:
            connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def wait(self, what, condition):
        end = time.monotonic() + READY_WITHIN
        while True:
            ended = [part for part in PARTS if os.path.exists(self.path(part + ".pid")) and not self.pid(part)]
            try:
                if not ended and condition():
                    return
            except (OSError, http.client.HTTPException, ValueError):
                pass
            if ended or time.monotonic() > end:
                part = ended[0] if ended else "kube-apiserver"
                with open(self.path("logs", part + ".log"), errors="replace") as log:
                    raise Trouble(f"{part} {'ended' if ended else f'is not ready: {what}'}:\n{log.read()[-3000:]}")
            time.sleep(0.1)

    def wait_ready(self):
        self.wait("/readyz", lambda: self.request("GET", "/readyz")[0] == 200)

    def furnish(self, nodes):
        """What a small cluster has besides its programs: nodes, a storage class, an Ingress class."""
        objects = [("/api/v1/nodes", {
            "apiVersion": "v1", "kind": "Node",
            "metadata": {"name": f"node-{number}", "labels": {
                "kubernetes.io/hostname": f"node-{number}", "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
                "topology.kubernetes.io/zone": f"zone-{number % 3}"}},
            "spec": {"podCIDR": f"10.244.{number}.0/24"},
            "status": {name: {"cpu": "64", "memory": "256Gi", "pods": "1000", "ephemeral-storage": "1Ti"}
                       for name in ("capacity", "allocatable")}}) for number in range(nodes)]
        objects.append(("/apis/storage.k8s.io/v1/storageclasses", {
            "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "provisioner": "practice.wavewright.dev/volumes",
            "metadata": {"name": "standard",
                         "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
            "allowVolumeExpansion": True}))
        objects.append(("/apis/networking.k8s.io/v1/ingressclasses", {
            "apiVersion": "networking.k8s.io/v1", "kind": "IngressClass",
            "metadata": {"name": "practice", "annotations": {"ingressclass.kubernetes.io/is-default-class": "true"}},
            "spec": {"controller": "practice.wavewright.dev/ingress"}}))
        for path, item in objects:
            self.wait(path, lambda: self.request("POST", path, item)[0] in (201, 409))

        def ready():
            if self.request("GET", "/api/v1/namespaces/default/serviceaccounts/default")[0] != 200:
                return False
            listed = json.loads(self.request("GET", "/api/v1/nodes")[1])["items"]
            return len(listed) == nodes and all(any(
                each["type"] == "Ready" and each["status"] == "True" for each in node["status"].get("conditions", []))
                for node in listed)
        self.wait("nodes and service accounts", ready)


def started(pid):
    """When a process began, in the kernel's ticks: a number that is used again is another process."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        threads = len(os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return None
    # The first thread of a killed process is dead before the others, which still hold its ports.
    return None if fields[0] == "Z" and threads <= 1 else fields[19]


def free_ports(count):
    found = []
    while len(found) < count:
        port = random.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in found:
            found.append(port)
    return found
