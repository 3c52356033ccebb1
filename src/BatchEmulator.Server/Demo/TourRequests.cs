using System.Globalization;
using BatchEmulator.Contract.Batch;

namespace BatchEmulator.Server.Demo;

/// <summary>Requests of the tour. The commands run in busybox as well as in a host's shell.</summary>
internal sealed class TourRequests(string executor)
{
    public const string Image = "busybox";
    public const string Environment = "demo";
    public const string Queue = "demo";
    public const string Hello = "hello";
    public const string Squares = "squares";
    public const string Report = "report";
    public const int Parts = 4;

    private const string HelloCommand =
        """echo "Hello, $0! I am job $AWS_BATCH_JOB_ID, attempt $AWS_BATCH_JOB_ATTEMPT."; sleep 1; echo "That was all." """;
    private const string SquareCommand = """n=$AWS_BATCH_JOB_ARRAY_INDEX; sleep 1; echo "$n x $n = $((n * n))" """;
    private const string ReportCommand = """echo "All $0 squares are there: this is the report." """;

    public static CreateComputeEnvironmentRequest CreateEnvironment => new()
    {
        ComputeEnvironmentName = Environment,
        Type = CEType.Managed,
        ComputeResources = new()
        {
            Type = CRType.Ec2,
            MinvCpus = 0,
            MaxvCpus = 16,
            InstanceTypes = ["optimal"],
            Subnets = ["subnet-0123456789abcdef0"],
            SecurityGroupIds = ["sg-0123456789abcdef0"],
            InstanceRole = "ecsInstanceRole",
        },
    };

    public static CreateJobQueueRequest CreateQueue => new()
    {
        JobQueueName = Queue,
        Priority = 1,
        ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = Environment }],
    };

    /// <summary>One definition for each kind of job.</summary>
    public IReadOnlyList<RegisterJobDefinitionRequest> Definitions =>
    [
        Definition(Hello, HelloCommand, "Ref::name", "Hello from a simulation: nothing ran.") with
        {
            Parameters = new Dictionary<string, string> { ["name"] = "world" },
        },
        Definition(Squares, SquareCommand, argument: null, "A square, simulated."),
        Definition(Report, ReportCommand, Parts.ToString(CultureInfo.InvariantCulture), "A report, simulated."),
    ];

    public static SubmitJobRequest SubmitHello => Submit(Hello) with { Parameters = new Dictionary<string, string> { ["name"] = "Batch" } };

    public static SubmitJobRequest SubmitSquares => Submit(Squares) with { ArrayProperties = new() { Size = Parts } };

    public static SubmitJobRequest SubmitReport(string after) => Submit(Report) with { DependsOn = [new() { JobId = after }] };

    public static string DefinitionName(string job) => $"demo-{job}";

    private static SubmitJobRequest Submit(string job) => new() { JobName = job, JobQueue = Queue, JobDefinition = DefinitionName(job) };

    private RegisterJobDefinitionRequest Definition(string job, string command, string? argument, string simulatedOutput) => new()
    {
        JobDefinitionName = DefinitionName(job),
        Type = JobDefinitionType.Container,
        ContainerProperties = new()
        {
            Image = Image,
            Command = ["sh", "-c", command.TrimEnd(), .. argument is null ? [] : (string[])[argument]],
            ResourceRequirements = [new() { Type = ResourceType.Vcpu, Value = "1" }, new() { Type = ResourceType.Memory, Value = "64" }],
            Environment = executor == "simulated"
                ? [new() { Name = "SIMULATE_RUN_FOR", Value = "1s" }, new() { Name = "SIMULATE_OUTPUT", Value = simulatedOutput }]
                : null,
        },
    };
}
