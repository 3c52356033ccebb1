using System.Text.Json;

namespace BatchEmulator.Server.Tests;

/// <summary>Bodies of requests that tests need again and again.</summary>
internal static class Requests
{
    public static string ComputeEnvironment(string name, int maxvCpus = 256) =>
        $$$"""
        {"computeEnvironmentName":"{{{name}}}","type":"MANAGED","computeResources":{"type":"EC2","minvCpus":0,"maxvCpus":{{{maxvCpus}}},
        "instanceTypes":["optimal"],"instanceRole":"ecsInstanceRole","subnets":["subnet-00000000"],"securityGroupIds":["sg-00000000"]}}
        """;

    /// <summary>A queue over the environment of the same name.</summary>
    public static string JobQueue(string name) =>
        $$"""{"jobQueueName":"{{name}}","priority":1,"computeEnvironmentOrder":[{"order":1,"computeEnvironment":"{{name}}"}]}""";

    public static string JobDefinition(string name, string image = "busybox", params string[] command) =>
        $$$"""
        {"jobDefinitionName":"{{{name}}}","type":"container","containerProperties":{"image":"{{{image}}}","command":{{{JsonSerializer.Serialize(command)}}},
        "resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"64"}]}}
        """;

    /// <param name="name">Of the job.</param>
    /// <param name="queue">A name.</param>
    /// <param name="definition">A name.</param>
    /// <param name="more">Further members: <c>"arrayProperties":{"size":2}</c>.</param>
    public static string Job(string name, string queue, string definition, string more = "") =>
        $$"""{"jobName":"{{name}}","jobQueue":"{{queue}}","jobDefinition":"{{definition}}"{{(more.Length > 0 ? "," + more : "")}}}""";
}
