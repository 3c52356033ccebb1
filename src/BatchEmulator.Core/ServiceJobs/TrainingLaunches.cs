using System.Globalization;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.ServiceJobs;

/// <summary>
/// A training job as an attempt: its image is run as SageMaker runs it (SageMaker Developer Guide, "How Amazon SageMaker AI Runs Your Training
/// Image"), once, however many instances it has.
/// </summary>
internal static class TrainingLaunches
{
    private const string LogGroup = "/aws/sagemaker/TrainingJobs";

    /// <summary>How the first instance is called.</summary>
    private const string FirstInstance = "algo-1";

    private const string NamePrefix = "AWSBatch";

    /// <summary>A training job's name has 63 characters at most; what the prefix and the id leave.</summary>
    private const int MaximumOwnName = 63 - 8 - 32;

    /// <summary>What the image is given to do when the request does not say.</summary>
    private static readonly IReadOnlyList<string> Train = ["train"];

    /// <summary>The training job's name: what the request calls it, between a prefix and an id (User Guide, "Getting started with AWS Batch on SageMaker AI").</summary>
    public static string NameOf(JobSpecification specification, string attemptId)
    {
        var own = TrainingRequest.Parse(specification.Service!.Payload).TrainingJobName ?? specification.JobName.Replace('_', '-');
        return $"{NamePrefix}{(own.Length <= MaximumOwnName ? own : own[..MaximumOwnName])}{attemptId}";
    }

    public static string StreamName(string trainingJobName, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{trainingJobName}/{FirstInstance}-{at.ToUnixTimeSeconds()}");

    public static AttemptLaunch For(Job job, IReadOnlyList<KeyValuePair<string, string>> jobEnvironment)
    {
        var request = TrainingRequest.Parse(job.Specification.Service!.Payload);
        return new AttemptLaunch
        {
            Key = job.CurrentKey!.Value,
            Scope = job.Scope,
            JobName = job.Specification.JobName,
            JobQueue = Arn.NameOf(job.Specification.JobQueueArn),
            Needs = job.Specification.Needs,
            Containers =
            [
                new ContainerLaunch
                {
                    Name = AttemptLaunches.DefaultContainer,
                    Image = request.Image ?? "",
                    EntryPoint = request.EntryPoint,
                    Command = request.Arguments ?? (request.EntryPoint is null ? Train : []),
                    Environment = EnvironmentOf(jobEnvironment, request, job.Current!),
                    Vcpus = 0,
                    MemoryMiB = null,
                    Properties = new(),
                    Log = new LogDestination(LogGroup, job.Current!.LogStreamName),
                },
            ],
        };
    }

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
