using System.Globalization;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs.Work;

namespace BatchEmulator.Core.Jobs;

/// <summary>Containers in the form in which an executor starts them.</summary>
internal static class ContainerLaunches
{
    /// <summary>Name that ECS gives to the container of a single-container job.</summary>
    public const string DefaultName = "default";

    /// <param name="job">A job with a current attempt.</param>
    /// <param name="name">Name of the container.</param>
    /// <param name="container">Specification of the user.</param>
    /// <param name="jobEnvironment">Environment variables that are added to those of every job.</param>
    public static ContainerLaunch Of(
        Job job, string name, Wire.ContainerProperties container, IReadOnlyList<KeyValuePair<string, string>> jobEnvironment)
    {
        var amounts = ContainerResourceRules.AmountsOf(container);
        return new ContainerLaunch
        {
            Name = name,
            Image = container.Image!,
            Command = container.Command ?? [],
            Environment = EnvironmentOf(jobEnvironment, job, container),
            Vcpus = amounts.MilliVcpus / 1000.0,
            MemoryMiB = (int)amounts.MemoryMiB,
            Properties = container,
            Log = new LogDestination(
                JobLog.Group(container.LogConfiguration), JobLog.StreamName(job, container.LogConfiguration, name, job.Current!.TaskId)),
        };
    }

    /// <summary>
    /// Variables that the ECS agent adds to every container (ECS Developer Guide, "Environment variables"); those of pods come from EKS.
    /// </summary>
    private static Dictionary<string, string> OfAgent(Job job)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (job.Work is not PodWork)
        {
            variables["AWS_EXECUTION_ENV"] = job.IsOnFargate ? "AWS_ECS_FARGATE" : "AWS_ECS_EC2";
            variables["AWS_REGION"] = job.Scope.Region;
            variables["AWS_DEFAULT_REGION"] = job.Scope.Region;
        }

        return variables;
    }

    /// <summary>
    /// Merges variables: those of the ECS agent, then the emulator's additions, then the job's own, then AWS Batch's (User Guide, "AWS
    /// Batch job environment variables"); the later one of two with the same name wins.
    /// </summary>
    private static List<KeyValuePair<string, string>> EnvironmentOf(
        IReadOnlyList<KeyValuePair<string, string>> jobEnvironment, Job job, Wire.ContainerProperties container)
    {
        var variables = OfAgent(job);
        foreach (var (name, value) in jobEnvironment)
        {
            variables[name] = value;
        }

        foreach (var variable in container.Environment ?? [])
        {
            variables[variable.Name!] = variable.Value ?? "";
        }

        variables["AWS_BATCH_JOB_ID"] = job.Id;
        variables["AWS_BATCH_JOB_ATTEMPT"] = job.Current!.Number.ToString(CultureInfo.InvariantCulture);
        variables["AWS_BATCH_CE_NAME"] = Arn.NameOf(job.Current.ComputeEnvironmentArn);
        variables["AWS_BATCH_JQ_NAME"] = Arn.NameOf(job.Specification.JobQueueArn);
        if (job.IsArrayChild)
        {
            variables["AWS_BATCH_JOB_ARRAY_INDEX"] = Number(job.Index);
            variables["AWS_BATCH_JOB_ARRAY_SIZE"] = Number(job.Specification.ArraySize);
        }

        if (job.IsNode)
        {
            variables["AWS_BATCH_JOB_NODE_INDEX"] = Number(job.Index);
            variables["AWS_BATCH_JOB_NUM_NODES"] = Number(job.Specification.Nodes!.NumNodes);
            variables["AWS_BATCH_JOB_MAIN_NODE_INDEX"] = Number(job.Specification.Nodes.MainNode);
        }

        if (job.Current.MainNodeAddress is { } address)
        {
            variables["AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS"] = address;
        }

        if (job.Specification.Pod is not null)
        {
            variables["AWS_BATCH_JOB_KUBERNETES_NODE_UID"] = PodWork.NodeUid(job.Current.ContainerInstanceArn!);
        }

        return [.. variables];
    }

    private static string Number(int? value) => value!.Value.ToString(CultureInfo.InvariantCulture);
}
