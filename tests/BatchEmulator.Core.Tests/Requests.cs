namespace BatchEmulator.Core.Tests;

/// <summary>Requests that are valid as they are.</summary>
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
        ComputeEnvironmentOrder =
            [.. environments.Select((e, i) => new Wire.ComputeEnvironmentOrder { Order = i + 1, ComputeEnvironment = e })],
    };

    public static Wire.RegisterJobDefinitionRequest Definition(string name = "d", string vcpus = "1", string memory = "128") => new()
    {
        JobDefinitionName = name,
        Type = "container",
        ContainerProperties = Container(vcpus, memory),
    };

    /// <summary>A multi-node parallel job of one node range that begins at node 0.</summary>
    public static Wire.RegisterJobDefinitionRequest MultiNode(int numNodes, int mainNode = 0, string name = "nodes") => new()
    {
        JobDefinitionName = name,
        Type = "multinode",
        NodeProperties = new() { NumNodes = numNodes, MainNode = mainNode, NodeRangeProperties = [new() { TargetNodes = "0:", Container = Container() }] },
    };

    public static Wire.CreateServiceEnvironmentRequest ServiceEnvironment(string name = "se", int instances = 2) => new()
    {
        ServiceEnvironmentName = name,
        ServiceEnvironmentType = "SAGEMAKER_TRAINING",
        CapacityLimits = [new() { CapacityUnit = "NUM_INSTANCES", MaxCapacity = instances }],
    };

    public static Wire.CreateJobQueueRequest ServiceQueue(string name, string serviceEnvironment) => new()
    {
        JobQueueName = name,
        JobQueueType = "SAGEMAKER_TRAINING",
        Priority = 1,
        ServiceEnvironmentOrder = [new() { Order = 1, ServiceEnvironment = serviceEnvironment }],
    };

    public static Wire.SubmitServiceJobRequest ServiceJob(string name = "train", int instances = 1, string queue = "sq") => new()
    {
        JobName = name,
        JobQueue = queue,
        ServiceJobType = "SAGEMAKER_TRAINING",
        ServiceRequestPayload = Training(instances),
    };

    /// <summary>A request for a training job as JSON.</summary>
    public static string Training(int instances, string type = "ml.m5.large") =>
        $$$"""
        {"TrainingJobName":"my-training-job","AlgorithmSpecification":{"TrainingImage":"busybox","TrainingInputMode":"File"},
        "ResourceConfig":{"InstanceType":"{{{type}}}","InstanceCount":{{{instances}}},"VolumeSizeInGB":1}}
        """;

    public static Wire.ContainerProperties Container(string vcpus = "1", string memory = "128") => new()
    {
        Image = "busybox",
        Command = ["true"],
        ResourceRequirements = [new() { Type = "VCPU", Value = vcpus }, new() { Type = "MEMORY", Value = memory }],
    };
}
