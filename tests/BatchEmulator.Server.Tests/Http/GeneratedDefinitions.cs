using System.Globalization;
using System.Text.Json.Nodes;

namespace BatchEmulator.Server.Tests.Http;

/// <summary>Random job definitions that AWS Batch takes, of every kind and with any of their members, from a seed.</summary>
internal sealed class GeneratedDefinitions(Random random)
{
    private const string Role = "arn:aws:iam::123456789012:role/batch/job";

    private static readonly (string Vcpus, string Memory)[] FargateSizes =
        [("0.25", "512"), ("0.5", "1024"), ("1", "2048"), ("4", "30720")];

    public JsonObject Next(string name)
    {
        var kind = random.Next(8);
        var definition = new JsonObject { ["jobDefinitionName"] = name, ["type"] = kind >= 5 ? "multinode" : "container" };
        switch (kind)
        {
            case 0:
                definition["containerProperties"] = Container(isFargate: false);
                Maybe(() => definition["platformCapabilities"] = new JsonArray("EC2"));
                break;
            case 1:
                definition["containerProperties"] = Container(isFargate: true);
                definition["platformCapabilities"] = new JsonArray("FARGATE");
                break;
            case 2:
                definition["ecsProperties"] = Ecs(isFargate: false, platform: null);
                break;
            case 3:
                definition["ecsProperties"] = Ecs(isFargate: true, platform: "LINUX");
                definition["platformCapabilities"] = new JsonArray("FARGATE");
                break;
            case 4:
                definition["eksProperties"] = Eks();
                break;
            case 5:
                definition["nodeProperties"] = Nodes(() => new JsonObject { ["container"] = Container(isFargate: false) });
                break;
            case 6:
                definition["nodeProperties"] = Nodes(() => new JsonObject { ["ecsProperties"] = Ecs(isFargate: false, platform: null) });
                break;
            default:
                definition["nodeProperties"] = Nodes(() => new JsonObject { ["eksProperties"] = Eks() });
                break;
        }

        AddCommonMembers(definition, isEks: kind is 4);
        return definition;
    }

    private void AddCommonMembers(JsonObject definition, bool isEks)
    {
        Maybe(() => definition["parameters"] = random.Next(2) == 0 ? [] : new JsonObject { ["who"] = "world", ["empty"] = "" });
        Maybe(() => definition["tags"] = random.Next(2) == 0 ? [] : new JsonObject { ["team"] = "red", ["empty"] = "" });
        Maybe(() => definition["timeout"] = random.Next(2) == 0 ? [] : new JsonObject { ["attemptDurationSeconds"] = 60 });
        Maybe(() => definition["schedulingPriority"] = random.Next(10_000));
        Maybe(() => definition["propagateTags"] = !isEks && random.Next(2) == 0);
        Maybe(() => definition["retryStrategy"] = Retry());
        Maybe(() => definition["consumableResourceProperties"] = Consumables());
    }

    private JsonObject Retry()
    {
        var retry = new JsonObject { ["attempts"] = random.Next(1, 11) };
        Maybe(() => retry["evaluateOnExit"] = new JsonArray(
            new JsonObject { ["onStatusReason"] = "Host EC2*", ["action"] = "RETRY" }, new JsonObject { ["onExitCode"] = "1*", ["onReason"] = "*", ["action"] = "exit" }));
        return retry;
    }

    private JsonObject Consumables() => random.Next(2) == 0
        ? []
        : new JsonObject { ["consumableResourceList"] = new JsonArray(new JsonObject { ["consumableResource"] = "licence", ["quantity"] = 2 }) };

    private JsonObject Container(bool isFargate)
    {
        var container = new JsonObject { ["image"] = "busybox" };
        AddResources(container, isFargate, hasDeprecatedMembers: !isFargate && random.Next(3) == 0);
        Maybe(() => container["jobRoleArn"] = random.Next(2) == 0 ? "name" : Role);
        Maybe(() => container["executionRoleArn"] = Role);
        Maybe(() => container["enableExecuteCommand"] = random.Next(2) == 0);
        Maybe(() => container["volumes"] = Volumes(isFargate));
        AddContainerMembers(container, isFargate);
        if (isFargate)
        {
            container["executionRoleArn"] = Role;
            Maybe(() => container["fargatePlatformConfiguration"] = random.Next(2) == 0 ? [] : new JsonObject { ["platformVersion"] = "1.4.0" });
            Maybe(() => container["networkConfiguration"] = new JsonObject { ["assignPublicIp"] = "ENABLED" });
            Maybe(() => container["ephemeralStorage"] = new JsonObject { ["sizeInGiB"] = random.Next(21, 201) });
            Maybe(
                () => container["runtimePlatform"] = new JsonObject { ["cpuArchitecture"] = "ARM64", ["operatingSystemFamily"] = "LINUX" });
        }

        return container;
    }

    private void AddResources(JsonObject container, bool isFargate, bool hasDeprecatedMembers)
    {
        if (hasDeprecatedMembers)
        {
            container["vcpus"] = random.Next(1, 5);
            container["memory"] = random.Next(4, 5_000);
            Maybe(() => container["resourceRequirements"] = new JsonArray(Requirement("GPU", "1")));
            return;
        }

        var (vcpus, memory) = isFargate
            ? FargateSizes[random.Next(FargateSizes.Length)]
            : (random.Next(1, 5).ToString(CultureInfo.InvariantCulture), random.Next(4, 5_000).ToString(CultureInfo.InvariantCulture));
        container["resourceRequirements"] = new JsonArray(Requirement("VCPU", vcpus), Requirement("MEMORY", memory));
    }

    /// <summary>Members that containerProperties and the containers of a task have in common.</summary>
    private void AddContainerMembers(JsonObject container, bool isFargate)
    {
        Maybe(() => container["command"] = random.Next(3) == 0 ? [] : new JsonArray("sh", "-c", "echo Ref::who"));
        Maybe(() => container["environment"] = new JsonArray(Pair("A", "1"), Pair("EMPTY", ""), new JsonObject { ["name"] = "NONE" }));
        Maybe(() => container["mountPoints"] = new JsonArray(new JsonObject { ["sourceVolume"] = "data", ["containerPath"] = "/data", ["readOnly"] = random.Next(2) == 0 }));
        Maybe(() => container["readonlyRootFilesystem"] = random.Next(2) == 0);
        Maybe(() => container["privileged"] = !isFargate && random.Next(2) == 0);
        Maybe(() => container["ulimits"] = isFargate ? [] : new JsonArray(new JsonObject { ["name"] = "nofile", ["hardLimit"] = 10, ["softLimit"] = 5 }));
        Maybe(
            () => container["user"] = (string[])["root", "1000:1000", "user:group"] is var users ? users[random.Next(users.Length)] : null);
        Maybe(() => container["repositoryCredentials"] = random.Next(2) == 0 ? [] : new JsonObject { ["credentialsParameter"] = "arn:aws:secretsmanager:us-east-1:1:secret:x" });
        Maybe(() => container["linuxParameters"] = LinuxParameters(isFargate));
        Maybe(() => container["logConfiguration"] = Log());
    }

    private JsonObject LinuxParameters(bool isFargate)
    {
        var linux = new JsonObject();
        Maybe(() => linux["initProcessEnabled"] = random.Next(2) == 0);
        if (!isFargate)
        {
            Maybe(() => linux["sharedMemorySize"] = 64);
            Maybe(() => (linux["maxSwap"], linux["swappiness"]) = (0, random.Next(101)));
            Maybe(() => linux["devices"] = new JsonArray(new JsonObject { ["hostPath"] = "/dev/null" }));
            Maybe(() => linux["tmpfs"] = new JsonArray(new JsonObject { ["containerPath"] = "/t", ["size"] = 16 }));
        }

        return linux;
    }

    private JsonObject Log()
    {
        var log = new JsonObject { ["logDriver"] = "awslogs" };
        Maybe(() => log["options"] = random.Next(2) == 0 ? [] : new JsonObject { ["awslogs-group"] = "/mine", ["awslogs-stream-prefix"] = "p" });
        Maybe(() => log["secretOptions"] = new JsonArray());
        return log;
    }

    private JsonArray Volumes(bool isFargate)
    {
        var volume = new JsonObject { ["name"] = "data" };
        Maybe(() => volume["host"] = isFargate || random.Next(2) == 0 ? [] : new JsonObject { ["sourcePath"] = "/tmp" });
        return random.Next(3) == 0
            ? new JsonArray(
                volume,
                new JsonObject { ["name"] = "efs", ["efsVolumeConfiguration"] = new JsonObject { ["fileSystemId"] = "fs-12345678" } })
            : new JsonArray(volume);
    }

    private JsonObject Ecs(bool isFargate, string? platform)
    {
        var containers = new JsonArray();
        for (var index = 0; index < (isFargate ? 1 : random.Next(1, 4)); index++)
        {
            var container = new JsonObject { ["name"] = $"c{index}", ["image"] = "busybox" };
            AddResources(container, isFargate, hasDeprecatedMembers: false);
            AddContainerMembers(container, isFargate);
            Maybe(() => container["essential"] = true);
            if (index > 0)
            {
                Maybe(() => container["dependsOn"] = new JsonArray(new JsonObject { ["containerName"] = "c0", ["condition"] = "START" }));
            }

            containers.Add(container);
        }

        var task = new JsonObject { ["containers"] = containers };
        Maybe(() => task["volumes"] = Volumes(isFargate));
        Maybe(() => task["ipcMode"] = "task");
        Maybe(() => task["pidMode"] = "task");
        Maybe(() => task["taskRoleArn"] = Role);
        Maybe(() => task["executionRoleArn"] = Role);
        if (isFargate)
        {
            task["executionRoleArn"] = Role;
            Maybe(() => task["runtimePlatform"] = new JsonObject { ["operatingSystemFamily"] = platform });
            Maybe(() => task["platformVersion"] = "1.4.0");
            Maybe(() => task["ephemeralStorage"] = new JsonObject { ["sizeInGiB"] = 21 });
        }

        return new JsonObject { ["taskProperties"] = new JsonArray(task) };
    }

    private JsonObject Eks()
    {
        var container = new JsonObject
        {
            ["image"] = "busybox",
            ["resources"] = new JsonObject { ["limits"] = new JsonObject { ["cpu"] = "1", ["memory"] = "64Mi" } },
        };
        Maybe(() => container["name"] = "main");
        Maybe(() => container["command"] = new JsonArray("sh"));
        Maybe(() => container["args"] = new JsonArray("-c", "true"));
        Maybe(() => container["env"] = new JsonArray(Pair("A", "1")));
        Maybe(() => container["imagePullPolicy"] = "IfNotPresent");
        Maybe(() => container["securityContext"] = new JsonObject { ["runAsUser"] = 0, ["privileged"] = false });
        var pod = new JsonObject { ["containers"] = new JsonArray(container) };
        Maybe(() => pod["volumes"] = new JsonArray(new JsonObject { ["name"] = "v", ["emptyDir"] = random.Next(2) == 0 ? [] : new JsonObject { ["medium"] = "Memory", ["sizeLimit"] = "64Mi" } }));
        Maybe(() => pod["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["a"] = "b" }, ["namespace"] = "batch" });
        Maybe(() => pod["serviceAccountName"] = "runner");
        Maybe(() => pod["hostNetwork"] = random.Next(2) == 0);
        Maybe(() => pod["dnsPolicy"] = "ClusterFirst");
        Maybe(() => pod["initContainers"] = random.Next(2) == 0 ? [] : new JsonArray(new JsonObject
        {
            ["name"] = "init",
            ["image"] = "busybox",
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "0.25", ["memory"] = "8Mi" } },
        }));
        return new JsonObject { ["podProperties"] = pod };
    }

    private JsonObject Nodes(Func<JsonObject> payload)
    {
        var (first, second) = (payload(), payload());
        first["targetNodes"] = "0:";
        second["targetNodes"] = "1";
        return new JsonObject
        {
            ["numNodes"] = random.Next(2, 6),
            ["mainNode"] = random.Next(2),
            ["nodeRangeProperties"] = random.Next(2) == 0 ? new JsonArray(first) : new JsonArray(first, second),
        };
    }

    private static JsonObject Pair(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonObject Requirement(string type, string value) => new() { ["type"] = type, ["value"] = value };

    private void Maybe(Action add)
    {
        if (random.Next(3) == 0)
        {
            add();
        }
    }
}
