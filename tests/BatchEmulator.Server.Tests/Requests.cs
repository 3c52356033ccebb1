using System.Text.Json;

namespace BatchEmulator.Server.Tests;

/// <summary>Bodies of requests that many tests need.</summary>
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

    public static string ServiceEnvironment(string name, int instances = 2, string more = "") =>
        $$$"""
        {"serviceEnvironmentName":"{{{name}}}","serviceEnvironmentType":"SAGEMAKER_TRAINING",
        "capacityLimits":[{"capacityUnit":"NUM_INSTANCES","maxCapacity":{{{instances}}}}]{{{More(more)}}}}
        """;

    /// <summary>A queue over the service environment of the same name.</summary>
    public static string ServiceQueue(string name, string more = "") =>
        $$$"""
        {"jobQueueName":"{{{name}}}","jobQueueType":"SAGEMAKER_TRAINING","priority":1,
        "serviceEnvironmentOrder":[{"order":1,"serviceEnvironment":"{{{name}}}"}]{{{More(more)}}}}
        """;

    /// <param name="name">Name of the job.</param>
    /// <param name="queue">Name of the queue.</param>
    /// <param name="environment">Environment of the training job, as JSON.</param>
    /// <param name="more">Further members of the request.</param>
    /// <param name="instances">Number of instances.</param>
    public static string ServiceJob(string name, string queue, string environment = "{}", string more = "", int instances = 1) =>
        ServiceJobOf(
        $$$"""{"ResourceConfig":{"InstanceType":"ml.m5.large","InstanceCount":{{{instances}}}},"Environment":{{{environment}}}}""", name, queue, more);

    /// <param name="payload">The request for the training job, as JSON.</param>
    /// <param name="name">Name of the job.</param>
    /// <param name="queue">Name of the queue.</param>
    /// <param name="more">Further members of the request.</param>
    public static string ServiceJobOf(string payload, string name, string queue, string more = "") =>
        $$"""
        {"jobName":"{{name}}","jobQueue":"{{queue}}","serviceJobType":"SAGEMAKER_TRAINING","serviceRequestPayload":{{JsonSerializer.Serialize(payload)}}{{More(more)}}}
        """;

    /// <param name="name">Name of the job.</param>
    /// <param name="queue">Name of the queue.</param>
    /// <param name="definition">Name of the definition.</param>
    /// <param name="more">Further members: <c>"arrayProperties":{"size":2}</c>.</param>
    public static string Job(string name, string queue, string definition, string more = "") =>
        $$"""{"jobName":"{{name}}","jobQueue":"{{queue}}","jobDefinition":"{{definition}}"{{More(more)}}}""";

    private static string More(string members) => members.Length > 0 ? "," + members : "";
}
