namespace BatchEmulator.Core.Tests;

/// <summary>Requests that are accepted as they stand.</summary>
internal static class Requests
{
    public static Wire.CreateComputeEnvironmentRequest Environment(string name = "ce", int maxVcpus = 16) => new()
    {
        ComputeEnvironmentName = name,
        Type = "MANAGED",
        ComputeResources = new()
        {
            Type = "EC2",
            MinvCpus = 0,
            MaxvCpus = maxVcpus,
            InstanceTypes = ["optimal"],
            InstanceRole = "ecsInstanceRole",
            Subnets = ["subnet-1"],
            SecurityGroupIds = ["sg-1"],
        },
    };

    public static Wire.CreateComputeEnvironmentRequest Fargate(string name = "fargate", int maxVcpus = 16) => new()
    {
        ComputeEnvironmentName = name,
        Type = "MANAGED",
        ComputeResources = new() { Type = "FARGATE", MaxvCpus = maxVcpus, Subnets = ["subnet-1"], SecurityGroupIds = ["sg-1"] },
    };

    public static Wire.CreateJobQueueRequest Queue(string name, int priority, params string[] environments) => new()
    {
        JobQueueName = name,
        Priority = priority,
        ComputeEnvironmentOrder = [.. environments.Select((e, i) => new Wire.ComputeEnvironmentOrder { Order = i + 1, ComputeEnvironment = e })],
    };

    public static Wire.RegisterJobDefinitionRequest Definition(string name = "d", string vcpus = "1", string memory = "128") => new()
    {
        JobDefinitionName = name,
        Type = "container",
        ContainerProperties = Container(vcpus, memory),
    };

    /// <summary>A multi-node parallel job of one range from node 0 on.</summary>
    public static Wire.RegisterJobDefinitionRequest MultiNode(int numNodes, int mainNode = 0, string name = "nodes") => new()
    {
        JobDefinitionName = name,
        Type = "multinode",
        NodeProperties = new() { NumNodes = numNodes, MainNode = mainNode, NodeRangeProperties = [new() { TargetNodes = "0:", Container = Container() }] },
    };

    public static Wire.ContainerProperties Container(string vcpus = "1", string memory = "128") => new()
    {
        Image = "busybox",
        Command = ["true"],
        ResourceRequirements = [new() { Type = "VCPU", Value = vcpus }, new() { Type = "MEMORY", Value = memory }],
    };
}
