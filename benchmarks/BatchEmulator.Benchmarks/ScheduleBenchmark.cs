using Wire = BatchEmulator.Contract.Batch;

namespace BatchEmulator.Benchmarks;

/// <summary>Measures a scheduling pass over many waiting jobs, in queues with shares, on many instances.</summary>
internal static class ScheduleBenchmark
{
    private const int Queues = 50;
    private const int SharesOfQueue = 20;
    private const int Instances = 2_000;
    private const int VcpusOfInstance = 2;
    private const int Turns = 200;
    private const int Ended = 20;

    public static async Task RunAsync(Report report)
    {
        report.Line(
            $"Turns of the engine with {Queues} queues, {Queues * SharesOfQueue} share identifiers and {Instances} full instances, "
            + $"{Turns} each:");
        foreach (var waiting in (int[])[1_000, 10_000, 100_000])
        {
            using var engine = await PrepareAsync(waiting);
            var submits = new List<double>();
            for (var turn = 0; turn < Turns; turn++)
            {
                await SubmitAsync(engine, turn % Queues, turn % SharesOfQueue, size: null);
                submits.Add(engine.LastTurn.TotalMilliseconds);
            }

            var ends = new List<double>();
            for (var turn = 0; turn < Turns && engine.Started.Count >= Ended; turn++)
            {
                engine.End(Ended);
                ends.Add(engine.LastTurn.TotalMilliseconds);
            }

            Add(report, $"{waiting} jobs wait: one more is submitted", submits);
            Add(report, $"{waiting} jobs wait: {Ended} end, others start", ends);
        }
    }

    private static void Add(Report report, string name, List<double> taken)
    {
        taken.Sort();
        report.Figure(name, $"p50 {taken[taken.Count / 2]:0.00} ms, p99 {taken[taken.Count * 99 / 100]:0.00} ms", "target < 20 ms");
    }

    private static async Task<EngineUnderTest> PrepareAsync(int waiting)
    {
        var engine = new EngineUnderTest();
        await engine.CallAsync(Wire.Operations.CreateComputeEnvironment, new()
        {
            ComputeEnvironmentName = "ce",
            Type = Wire.CEType.Managed,
            ComputeResources = new()
            {
                Type = Wire.CRType.Ec2,
                MinvCpus = 0,
                MaxvCpus = Instances * VcpusOfInstance,
                AllocationStrategy = Wire.CRAllocationStrategy.BestFitProgressive,
                InstanceTypes = ["m5.large"],
                InstanceRole = "r",
                Subnets = ["s"],
                SecurityGroupIds = ["g"],
            },
        });
        var policy = await engine.CallAsync(Wire.Operations.CreateSchedulingPolicy, new() { Name = "p", FairsharePolicy = new() });
        for (var queue = 0; queue < Queues; queue++)
        {
            await engine.CallAsync(Wire.Operations.CreateJobQueue, new()
            {
                JobQueueName = $"q{queue}",
                Priority = queue % 5,
                SchedulingPolicyArn = policy.Arn,
                ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = "ce" }],
            });
        }

        await engine.CallAsync(Wire.Operations.RegisterJobDefinition, new()
        {
            JobDefinitionName = "d",
            Type = Wire.JobDefinitionType.Container,
            ContainerProperties = new()
            {
                Image = "i",
                ResourceRequirements = [new() { Type = "VCPU", Value = "1" }, new() { Type = "MEMORY", Value = "512" }],
            },
        });

        // Every share has an array: those that run first fill the instances, and the others wait.
        var jobs = waiting + (Instances * VcpusOfInstance);
        var size = jobs / (Queues * SharesOfQueue);
        for (var array = 0; array < Queues * SharesOfQueue; array++)
        {
            await SubmitAsync(engine, array % Queues, array / Queues, size);
        }

        engine.Settle();
        return engine;
    }

    private static Task SubmitAsync(EngineUnderTest engine, int queue, int share, int? size) =>
        engine.CallAsync(Wire.Operations.SubmitJob, new()
        {
            JobName = "j",
            JobQueue = $"q{queue}",
            JobDefinition = "d",
            ShareIdentifier = $"s{share}",
            SchedulingPriorityOverride = 1,
            ArrayProperties = size is null ? null : new() { Size = size },
        });
}
