using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Instances;

namespace BatchEmulator.Core.Tests.Instances;

/// <summary>Access to the instances of an emulation.</summary>
internal static class Fleet
{
    /// <summary>An environment with instances, <c>ce</c>; a queue for it, <c>q</c>; and a definition of one vCPU and 128 MiB, <c>d</c>.</summary>
    public static Emulation Emulation(
        Func<Wire.ComputeResource, Wire.ComputeResource> resources, int maxVcpus = 16, EngineOptions? options = null)
    {
        var emulation = new Emulation(options ?? new EngineOptions());
        emulation.AddEnvironment("ce", resources, maxVcpus);
        emulation.Queue();
        emulation.Define();
        return emulation;
    }

    public static void AddEnvironment(
        this Emulation emulation, string name, Func<Wire.ComputeResource, Wire.ComputeResource> resources, int maxVcpus = 16) =>
        emulation.Environment(name, maxVcpus, r => r with { ComputeResources = resources(r.ComputeResources!) });

    /// <summary>Returns the types of the instances in the order of their launch.</summary>
    public static IReadOnlyList<string> Types(this Emulation emulation) => [.. emulation.Instances().Select(instance => instance.Type)];

    public static IReadOnlyList<Instance> Instances(this Emulation emulation) =>
        [.. emulation.State.Of<Instance>().Values.OrderBy(instance => instance.Sequence)];

    /// <summary>Returns the instance on which a job runs.</summary>
    public static Instance InstanceOf(this Emulation emulation, string jobId) =>
        emulation.State.Of<Instance>()[emulation.Job(jobId).Current!.ContainerInstanceArn!];

    public static int? Desired(this Emulation emulation, string name = "ce") => emulation.State.Of<ComputeEnvironment>().Values
        .Single(environment => environment.Name == name).Specification.ComputeResources!.DesiredvCpus;

    /// <summary>Submits a job of some vCPUs and MiB.</summary>
    public static string SubmitSized(this Emulation emulation, int vcpus = 1, int memory = 128, string queue = "q") =>
        emulation.Submit(with: r => r with
        {
            JobQueue = queue,
            ContainerOverrides = new()
            {
                ResourceRequirements = [new() { Type = "VCPU", Value = $"{vcpus}" }, new() { Type = "MEMORY", Value = $"{memory}" }],
            },
        });

    /// <summary>Does something to an instance, as EC2 would.</summary>
    public static void To(this Emulation emulation, Instance instance, Action<Turn, Instance> change) =>
        emulation.Turn(new Command<Instance>(turn =>
        {
            change(turn, instance);
            return instance;
        }));

    public static void Update(this Emulation emulation, Wire.UpdateComputeEnvironmentRequest request)
    {
        emulation.Call(Wire.Operations.UpdateComputeEnvironment, request with { ComputeEnvironment = "ce" });
        emulation.Advance(TimeSpan.FromSeconds(1));
    }
}
