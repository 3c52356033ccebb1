using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.Tests.QuotaShares;

namespace BatchEmulator.Core.Tests.Simulation;

/// <summary>One seeded run: random steps, then the end of everything that is under way.</summary>
internal sealed class Workload
{
    private const int Steps = 120;
    private const int MaximumClosingTurns = 10_000;
    private static readonly string[] Queues = ["low", "high"];
    private const string Task = """
        {"containerProperties":null,"ecsProperties":{"taskProperties":[{"containers":[
        {"name":"main","image":"i","resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"64"}]},
        {"name":"other","image":"i","resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"64"}]},
        {"name":"side","image":"i","essential":false,"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"64"}]}]}]}}
        """;

    private static readonly string[] OnDemandStrategies = ["BEST_FIT", "BEST_FIT_PROGRESSIVE", "BEST_FIT_PROGRESSIVE_ORDERED"];
    private static readonly string[] SpotStrategies =
        ["SPOT_CAPACITY_OPTIMIZED", "SPOT_PRICE_CAPACITY_OPTIMIZED", "SPOT_CAPACITY_OPTIMIZED_PRIORITIZED"];

    private static readonly string[] Shares = ["a1", "a2", "b"];
    private static readonly string[] QuotaShareNames = ["reserves", "lends", "borrows", "limited"];

    private readonly Random _random;
    private readonly Emulation _emulation;
    private readonly Laws _laws;
    private readonly bool _changesLimits;
    private readonly List<string> _submitted = [];

    public Workload(int seed)
    {
        _random = new Random(seed);
        var options = new EngineOptions
        {
            ResourceDelay = TimeSpan.FromMilliseconds(_random.Next(2) * 150),
            HasInstances = _random.Next(2) == 0,
            ScaleUpDelay = TimeSpan.FromSeconds(_random.Next(2) * 30),
            ScaleDownDelay = TimeSpan.FromSeconds(_random.Next(3) * 30),
        };
        _emulation = new Emulation(options, seed);
        CreateEnvironment("ce", Wire.CRType.Ec2, OnDemandStrategies);
        CreateEnvironment("spare", Wire.CRType.Spot, SpotStrategies);
        _emulation.Queue("low", 1, "ce", "spare");
        _emulation.Call(Wire.Operations.CreateSchedulingPolicy, new()
        {
            Name = "shares",
            FairsharePolicy =
                new() { ComputeReservation = 10, ShareDistribution = [new() { ShareIdentifier = "a*", WeightFactor = 0.5f }] },
        });
        var policy = _emulation.State.Of<SchedulingPolicy>().Keys.Single();
        _emulation.Call(Wire.Operations.CreateJobQueue, Requests.Queue("high", 5, "ce") with { SchedulingPolicyArn = policy });
        _emulation.Advance(TimeSpan.FromSeconds(1));
        _emulation.ReadyForServiceJobs(_random.Next(2, 4));
        _emulation.Define();
        _emulation.Call(
            Wire.Operations.CreateConsumableResource, new() { ConsumableResourceName = "licence", TotalQuantity = _random.Next(2, 6) });
        _emulation.Define("wide", r => r with { ContainerProperties = Requests.Container("3", "512") });
        _emulation.Define("nodes", _ => Requests.MultiNode(3, _random.Next(3)));
        _emulation.Define("task", r => Json.Patched(r, Task));
        _emulation.ReadyForQuotaShares(instances: 6);
        _emulation.Share("reserves", 2, "RESERVE", inShare: "ENABLED");
        _emulation.Share("lends", 2, "LEND");
        _emulation.Share("borrows", 1, inShare: _random.Next(2) == 0 ? "ENABLED" : "DISABLED");
        _emulation.Share("limited", 1, borrowLimit: 100);
        _changesLimits = seed % 2 == 0;
        _laws = new Laws(_emulation, new QuotaLaws(_emulation) { HasFixedLimits = !_changesLimits });
    }

    private void CreateEnvironment(string name, string type, string[] strategies)
    {
        var hasInstances = _emulation.State.Options.HasInstances;
        _emulation.Environment(name, hasInstances ? _random.Next(10, 17) : _random.Next(4, 9), r => r with
        {
            ComputeResources = r.ComputeResources! with
            {
                Type = hasInstances ? type : Wire.CRType.Ec2,
                AllocationStrategy = hasInstances ? strategies[_random.Next(strategies.Length)] : null,
                InstanceTypes = hasInstances ? ["c6i", "m6i.xlarge"] : ["optimal"],
                MinvCpus = hasInstances ? _random.Next(2) * 4 : 0,
            },
        });
    }

    /// <summary>Record of the run, by which two runs can be compared.</summary>
    public List<string> Trace { get; } = [];

    public void Run()
    {
        for (var step = 0; step < Steps; step++)
        {
            Step();
            _laws.AssertAll();
        }

        Close();
        _laws.AssertEverythingEnded(_submitted);
        Trace.AddRange(_emulation.Changes.OfType<JobSaved>().Select(c => $"{c.Value.Id} {c.Value.Status} {c.Value.StatusReason}"));
    }

    private void Step()
    {
        switch (_random.Next(16))
        {
            case 0 or 1 or 2:
                Submit();
                break;
            case 3:
                EndSomeJob();
                break;
            case 4:
                _emulation.Restart();
                _emulation.Turn();
                break;
            case 5:
                _emulation.Advance(TimeSpan.FromSeconds(_random.Next(20) == 0 ? _random.Next(1, 1_000) : _random.Next(1, 40)));
                break;
            case 6:
                SubmitService();
                break;
            case 7 when _random.Next(3) == 0:
                LoseInstance();
                break;
            case 8 or 9:
                _submitted.Add(_emulation.SubmitTo(
                    QuotaShareNames[_random.Next(4)], _random.Next(1, 3), _random.Next(3), _random.Next(3) == 0 ? _random.Next(2) : null));
                break;
            case 10:
                ChangeQuotas();
                break;
            default:
                Progress();
                break;
        }
    }

    private void Submit()
    {
        var definition = _random.Next(9) switch { 0 or 1 => "wide", 2 => "nodes", 3 => "task", _ => "d" };
        var size = definition != "nodes" && _random.Next(4) == 0 ? _random.Next(2, 6) : (int?)null;
        var queue = Queues[_random.Next(2)];
        _submitted.Add(_emulation.Submit(with: r => r with
        {
            JobQueue = queue,
            ShareIdentifier = queue == "high" ? Shares[_random.Next(3)] : null,
            SchedulingPriorityOverride = queue == "high" ? _random.Next(3) : null,
            JobDefinition = definition,
            ConsumableResourcePropertiesOverride = _random.Next(4) == 0
                ? new() { ConsumableResourceList = [new() { ConsumableResource = "licence", Quantity = _random.Next(1, 3) }] }
                : null,
            ArrayProperties = size is null ? null : new() { Size = size },
            DependsOn = Dependencies(size),
            RetryStrategy = _random.Next(3) == 0 ? new() { Attempts = _random.Next(1, 4) } : null,
            Timeout = _random.Next(4) == 0 ? new() { AttemptDurationSeconds = 60 } : null,
        }));
    }

    private void SubmitService() => _submitted.Add(_emulation.SubmitService(instances: _random.Next(1, 3), with: r => r with
    {
        RetryStrategy = _random.Next(3) == 0 ? new() { Attempts = _random.Next(1, 4) } : null,
        TimeoutConfig = _random.Next(4) == 0 ? new() { AttemptDurationSeconds = 60 } : null,
    }));

    /// <summary>Changes the priority of a job in a quota share, or the limits of a share.</summary>
    private void ChangeQuotas()
    {
        var jobs = _emulation.State.Jobs.Values.Where(j => j.Specification.QuotaShareName is not null).OrderBy(j => j.Sequence).ToList();
        if (_changesLimits && _random.Next(2) == 0)
        {
            var shares = _emulation.State.Of<Core.QuotaShares.QuotaShare>().Values.OrderBy(s => s.Sequence).ToList();
            _emulation.Update(new()
            {
                QuotaShareArn = shares[_random.Next(shares.Count)].Arn,
                CapacityLimits = [QuotaEmulation.ShareLimit(_random.Next(1, 4))],
            });
        }
        else if (jobs.Count > 0)
        {
            _emulation.Call(
                Wire.Operations.UpdateServiceJob, new() { JobId = jobs[_random.Next(jobs.Count)].Id, SchedulingPriority = _random.Next(4) });
        }
    }

    private List<Wire.JobDependency> Dependencies(int? size)
    {
        var dependencies = new List<Wire.JobDependency>();
        for (var i = _random.Next(3); i > 0 && _submitted.Count > 0; i--)
        {
            var id = _submitted[_random.Next(_submitted.Count)];
            if (_emulation.Job(id).IsService)
            {
                continue;
            }

            var isPair = size is not null && _emulation.Job(id).Specification.ArraySize == size && _random.Next(2) == 0;
            dependencies.Add(new() { JobId = id, Type = isPair ? "N_TO_N" : null });
        }

        if (size is not null && _random.Next(4) == 0)
        {
            dependencies.Add(new() { Type = "SEQUENTIAL" });
        }

        return dependencies;
    }

    private void EndSomeJob()
    {
        if (_submitted.Count == 0)
        {
            return;
        }

        var id = _submitted[_random.Next(_submitted.Count)];
        var job = _emulation.Job(id);
        if (job.Specification.Parts > 0 && _random.Next(2) == 0)
        {
            id = job.IsMultiNode ? JobIds.Node(id, _random.Next(3)) : JobIds.Child(id, _random.Next(job.Specification.Parts));
        }

        if (job.IsService)
        {
            _emulation.Call(Wire.Operations.TerminateServiceJob, new() { JobId = id, Reason = "not needed" });
        }
        else if (_random.Next(2) == 0)
        {
            _emulation.Cancel(id);
        }
        else
        {
            _emulation.Terminate(id);
        }
    }

    /// <summary>Takes an instance away, at once or with notice.</summary>
    private void LoseInstance()
    {
        var instances = _emulation.State.Of<Instance>().Values.OrderBy(instance => instance.Sequence).ToList();
        if (instances.Count > 0)
        {
            var instance = instances[_random.Next(instances.Count)];
            var hasNotice = _random.Next(2) == 0;
            _emulation.Turn(new Command<Instance>(turn =>
            {
                FleetChanges.Interrupt(turn, instance, hasNotice);
                return instance;
            }));
        }
    }

    /// <summary>Starts or ends a random attempt.</summary>
    private void Progress()
    {
        var keys = _emulation.Running.Keys.OrderBy(k => k.JobId, StringComparer.Ordinal).ToList();
        if (keys.Count == 0)
        {
            return;
        }

        var key = keys[_random.Next(keys.Count)];
        if (_emulation.Job(key.JobId).Status is JobStatus.Scheduled or JobStatus.Starting && _random.Next(3) > 0)
        {
            _emulation.Turn(new AttemptStarted(key, null));
        }
        else
        {
            End(key, _random.Next(8) switch
            {
                0 => new AttemptHostLost(),
                1 => new AttemptNotStarted(_random.Next(2) == 0 ? "CannotPullContainerError: x" : "CapacityError: x"),
                2 => Exited(key, 1),
                3 => Exited(key, null),
                _ => Exited(key, 0),
            });
        }
    }

    /// <summary>Ends the containers of a task, each in a random way; some may never have run.</summary>
    private AttemptExited Exited(AttemptKey key, int? exitCode) => new(
        [.. _emulation.Running[key].Containers.Select((c, i) => new ContainerEnd(c.Name, i == 0 ? exitCode : _random.Next(3) switch { 0 => 0, 1 => 1, _ => null }))]);

    private void End(AttemptKey key, AttemptEnd end)
    {
        _emulation.Running.Remove(key);
        _emulation.Turn(new AttemptEnded(key, end));
    }

    private void Close()
    {
        // Every share can hold its largest job.
        foreach (var share in _emulation.State.Of<Core.QuotaShares.QuotaShare>().Keys.Order(StringComparer.Ordinal).ToList())
        {
            _emulation.Update(new() { QuotaShareArn = share, CapacityLimits = [QuotaEmulation.ShareLimit(2)] });
        }

        for (var turn = 0; _emulation.State.Jobs.Count > 0; turn++)
        {
            turn.Should().BeLessThan(MaximumClosingTurns);
            if (_emulation.Running.Count > 0)
            {
                var key = _emulation.Running.Keys.OrderBy(k => k.JobId, StringComparer.Ordinal).First();
                End(key, Exited(key, 0));
            }
            else
            {
                _emulation.WakeAt.Should().NotBeNull("a job that is neither finished nor under way waits for a time");
                _emulation.Advance(_emulation.WakeAt!.Value - _emulation.Now);
            }

            _laws.AssertAll();
        }
    }
}
