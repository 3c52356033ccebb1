using System.Globalization;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Jobs.Work;

/// <summary>
/// A SageMaker training job as an attempt: its image is run as SageMaker runs it (SageMaker Developer Guide, "How Amazon SageMaker AI Runs
/// Your Training Image"), once, however many instances it has.
/// </summary>
/// <param name="Service">Specification of the user.</param>
public sealed record TrainingWork(ServiceRequest Service) : JobWork
{
    private const string LogGroup = "/aws/sagemaker/TrainingJobs";

    /// <summary>Name of the first instance.</summary>
    private const string FirstInstance = "algo-1";

    private const string NamePrefix = "AWSBatch";

    /// <summary>
    /// Maximum length of the request's part of the name: a training job's name has at most 63 characters, including prefix and id.
    /// </summary>
    private const int MaximumOwnName = 63 - 8 - 32;

    /// <summary>Command of the image if the request does not name one.</summary>
    private static readonly IReadOnlyList<string> Train = ["train"];

    private const string Completed = "Training job completed";
    private const string InternalError = "InternalServerError: We encountered an internal error. Please try again.";
    private const string CapacityError = "CapacityError";

    /// <summary>Maximum length (SageMaker API Reference, DescribeTrainingJob, FailureReason).</summary>
    private const int MaximumLength = 1024;

    internal override ResourceAmounts Needs => new(InstanceCount.Total(Service.Instances) * InstanceCount.MilliVcpus, 0);

    /// <summary>
    /// Returns the training job's name: that of the request, between a prefix and an id (User Guide, "Getting started with AWS Batch on
    /// SageMaker AI").
    /// </summary>
    internal static string NameOf(JobSpecification specification, string attemptId)
    {
        var own = TrainingRequest.Parse(specification.Service!.Payload).TrainingJobName ?? specification.JobName.Replace('_', '-');
        return $"{NamePrefix}{Excerpt.Of(own, MaximumOwnName)}{attemptId}";
    }

    internal static string StreamName(string trainingJobName, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{trainingJobName}/{FirstInstance}-{at.ToUnixTimeSeconds()}");

    internal override IReadOnlyList<ContainerLaunch> Launch(Job job, IReadOnlyList<KeyValuePair<string, string>> jobEnvironment)
    {
        var request = TrainingRequest.Parse(Service.Payload);
        return
        [
            new ContainerLaunch
            {
                Name = ContainerLaunches.DefaultName,
                Image = request.Image ?? "",
                EntryPoint = request.EntryPoint,
                Command = request.Arguments ?? (request.EntryPoint is null ? Train : []),
                Environment = EnvironmentOf(jobEnvironment, request, job.Current!),
                Vcpus = 0,
                MemoryMiB = null,
                Properties = new(),
                Log = new LogDestination(LogGroup, job.Current!.LogStreamName),
            },
        ];
    }

    /// <summary>
    /// Returns the end in SageMaker's form (User Guide, "Service job retry strategies in AWS Batch"; SageMaker API Reference,
    /// DescribeTrainingJob).
    /// </summary>
    internal override Attempt Outcome(Job job, AttemptEnd end, Attempt attempt) => attempt with
    {
        ExitCode = end is AttemptExited { Containers: [var container, ..] } ? container.ExitCode : null,
        StatusReason = Told(ContainerReasons.Short(MessageOf(end), MaximumLength)!),
    };

    /// <summary>Service jobs are described by a separate operation.</summary>
    internal override Wire.JobDetail Describe(Job job, Wire.JobDetail detail) => detail;

    /// <summary>Returns SageMaker's message as AWS Batch shows it.</summary>
    internal static string Told(string message) => $"Received status from SageMaker: {message}";

    /// <summary>Returns true if the service had no instances: the job is handed over again, without counting an attempt.</summary>
    internal static bool IsLackOfCapacity(AttemptEnd end) =>
        end is AttemptNotStarted { Reason: var reason } && reason.StartsWith(CapacityError, StringComparison.Ordinal);

    private static string MessageOf(AttemptEnd end) => end switch
    {
        AttemptExited { Containers: [{ ExitCode: 0 }, ..] } => Completed,
        AttemptExited { Containers: [{ Reason: { } reason }, ..] } => reason,
        AttemptExited { Containers: [{ ExitCode: { } code }, ..] } => $"AlgorithmError: , exit code: {code}",
        AttemptNotStarted { Reason: var reason } => reason,
        _ => InternalError,
    };

    private static List<KeyValuePair<string, string>> EnvironmentOf(
        IReadOnlyList<KeyValuePair<string, string>> jobEnvironment, TrainingRequest request, CurrentAttempt attempt)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in jobEnvironment.Concat(request.Environment))
        {
            variables[name] = value;
        }

        variables["TRAINING_JOB_NAME"] = attempt.TaskId;
        variables["TRAINING_JOB_ARN"] = attempt.TaskArn;
        return [.. variables];
    }
}
