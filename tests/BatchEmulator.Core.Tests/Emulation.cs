using BatchEmulator.Contract;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Memory;

namespace BatchEmulator.Core.Tests;

/// <summary>
/// An engine with a clock that tests set, seeded ids, and a record of everything that it did. Room is counted in vCPUs unless a test asks
/// for instances.
/// </summary>
internal sealed class Emulation : IOperationHost
{
    private readonly EngineOptions _options;
    private readonly SeededIds _ids;
    private readonly OperationInvoker _invoker;
    private BatchEngine _engine;

    public Emulation(EngineOptions? options = null, int seed = 1)
    {
        _options = options ?? new EngineOptions { HasInstances = false };
        _ids = new SeededIds(seed);
        _engine = new BatchEngine(new BatchState(_options), _ids);
        _invoker = new OperationInvoker(this);
    }

    public static Scope Scope { get; } = new("123456789012", "eu-central-1");

    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public BatchState State => _engine.State;

    /// <summary>Store that every turn is committed to.</summary>
    public MemoryBatchStore Store { get; } = new("test");

    public List<Change> Changes { get; } = [];

    /// <summary>Attempts whose start was requested and whose end has not been reported.</summary>
    public Dictionary<AttemptKey, AttemptLaunch> Running { get; } = [];

    public List<AttemptKey> Stopped { get; } = [];

    public List<LogJobWarning> Warnings { get; } = [];

    public DateTimeOffset? WakeAt { get; private set; }

    /// <summary>Returns a job in its current state, finished or not.</summary>
    public Job Job(string id) => FindJob(id)!;

    /// <summary>Returns a job in its current state, finished or not; null if there is none.</summary>
    public Job? FindJob(string id) => Store.Jobs(Scope, [id]) is [var found] ? found.Value : null;

    public IReadOnlyList<JobStatus> StatusesOf(string id) =>
        [.. Changes.OfType<JobSaved>().Where(c => c.Value.Id == id && c.Previous != c.Value.Status).Select(c => c.Value.Status)];

    /// <summary>Carries out an operation in the same way as the server.</summary>
    public TResponse Call<TRequest, TResponse>(Operation<TRequest, TResponse> operation, TRequest request, Scope? scope = null)
        where TRequest : class
        where TResponse : class =>
        _invoker.InvokeAsync(operation, scope ?? Scope, request).GetAwaiter().GetResult();

    Task<T> IOperationHost.QueryAsync<T>(Func<IBatchQueries, T> read, CancellationToken cancellationToken) => Task.FromResult(read(Store));

    ValueTask<T> IOperationHost.PrepareAsync<T>(Func<IBatchQueries, T> read, CancellationToken cancellationToken) => new(read(Store));

    Task<TReply?> IOperationHost.ExecuteAsync<TReply>(Command<TReply> command, CancellationToken cancellationToken)
        where TReply : class
    {
        Turn(command);
        return command.Refusal is null ? Task.FromResult(command.Reply) : Task.FromException<TReply?>(command.Refusal);
    }

    public TurnResult Turn(params EngineInput[] inputs)
    {
        var result = _engine.Run(Now, inputs);
        Changes.AddRange(result.Changes);
        Store.Commit(result.Changes);
        WakeAt = result.WakeAt;
        foreach (var effect in result.Effects)
        {
            if (effect is StartAttempt { Launch: var launch })
            {
                Running.Add(launch.Key, launch);
            }
            else if (effect is LogJobWarning warning)
            {
                Warnings.Add(warning);
            }
            else
            {
                Stopped.Add(((StopAttempt)effect).Key);
            }
        }

        return result;
    }

    public void Advance(TimeSpan time)
    {
        Now += time;
        Turn();
    }

    public void Start(string jobId) => Turn(new AttemptStarted(KeyOf(jobId), null));

    public void Exit(string jobId, int exitCode = 0, string? reason = null) =>
        End(jobId, new AttemptExited([new ContainerEnd(AttemptLaunches.DefaultContainer, exitCode, reason)]));

    public void End(string jobId, AttemptEnd end)
    {
        var key = KeyOf(jobId);
        Running.Remove(key);
        Turn(new AttemptEnded(key, end));
    }

    /// <summary>Reports that a job's attempt started and succeeded.</summary>
    public void Succeed(string jobId)
    {
        Start(jobId);
        Exit(jobId);
    }

    /// <summary>Discards the state in memory and loads the stored state.</summary>
    public void Restart()
    {
        var state = new BatchState(_options);
        var stored = Store.Load();
        foreach (var change in stored.Changes)
        {
            state.Apply(change);
        }

        state.ReserveSequence(stored.LastSequence);
        _engine = new BatchEngine(state, _ids);
    }

    public string Environment(string name = "ce", int maxVcpus = 16, Func<Wire.CreateComputeEnvironmentRequest, Wire.CreateComputeEnvironmentRequest>? with = null)
    {
        var request = Requests.Environment(name, maxVcpus);
        var arn = Call(Wire.Operations.CreateComputeEnvironment, with is null ? request : with(request)).ComputeEnvironmentArn!;
        Advance(TimeSpan.FromSeconds(1));
        return arn;
    }

    public string Queue(string name = "q", int priority = 1, params string[] environments)
    {
        var arn = Call(Wire.Operations.CreateJobQueue, Requests.Queue(name, priority, environments.Length == 0 ? ["ce"] : environments)).JobQueueArn!;
        Advance(TimeSpan.FromSeconds(1));
        return arn;
    }

    public string Define(string name = "d", Func<Wire.RegisterJobDefinitionRequest, Wire.RegisterJobDefinitionRequest>? with = null)
    {
        var request = Requests.Definition(name);
        return Call(Wire.Operations.RegisterJobDefinition, with is null ? request : with(request)).JobDefinitionArn!;
    }

    /// <summary>An environment, a queue and a definition: <c>ce</c>, <c>q</c>, <c>d</c>.</summary>
    public Emulation Ready(int maxVcpus = 16)
    {
        Environment(maxVcpus: maxVcpus);
        Queue();
        Define();
        return this;
    }

    public string Submit(string name = "job", Func<Wire.SubmitJobRequest, Wire.SubmitJobRequest>? with = null)
    {
        var request = new Wire.SubmitJobRequest { JobName = name, JobQueue = "q", JobDefinition = "d" };
        request = with is null ? request : with(request);
        return Call(Wire.Operations.SubmitJob, request).JobId!;
    }

    /// <summary>A service environment of some instances and a queue for it: <c>se</c>, <c>sq</c>.</summary>
    public Emulation ReadyForServiceJobs(int instances = 2, Func<Wire.CreateJobQueueRequest, Wire.CreateJobQueueRequest>? with = null)
    {
        Call(Wire.Operations.CreateServiceEnvironment, Requests.ServiceEnvironment("se", instances));
        Advance(TimeSpan.FromSeconds(1));
        var request = Requests.ServiceQueue("sq", "se");
        Call(Wire.Operations.CreateJobQueue, with is null ? request : with(request));
        Advance(TimeSpan.FromSeconds(1));
        return this;
    }

    public string SubmitService(
        string name = "train", int instances = 1, Func<Wire.SubmitServiceJobRequest, Wire.SubmitServiceJobRequest>? with = null)
    {
        var request = Requests.ServiceJob(name, instances);
        return Call(Wire.Operations.SubmitServiceJob, with is null ? request : with(request)).JobId!;
    }

    public string SubmitArray(int size, params Wire.JobDependency[] dependencies) =>
        Submit(with: r => r with { ArrayProperties = new() { Size = size }, DependsOn = dependencies });

    public string SubmitAfter(params string[] jobIds) =>
        Submit(with: r => r with { DependsOn = [.. jobIds.Select(id => new Wire.JobDependency { JobId = id })] });

    public void Cancel(string jobId, string reason = "not needed") =>
        Call(Wire.Operations.CancelJob, new() { JobId = jobId, Reason = reason });

    public void Terminate(string jobId, string reason = "not needed") =>
        Call(Wire.Operations.TerminateJob, new() { JobId = jobId, Reason = reason });

    public AttemptKey KeyOf(string jobId) => State.Jobs[jobId].CurrentKey!.Value;
}
