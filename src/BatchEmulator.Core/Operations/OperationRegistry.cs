using System.Collections.Frozen;
using BatchEmulator.Contract;
using BatchEmulator.Contract.Batch;
using static BatchEmulator.Core.Operations.OperationHandler;

namespace BatchEmulator.Core.Operations;

/// <summary>The operations of the model, one line each.</summary>
public static class OperationRegistry
{
    public static IReadOnlyList<OperationHandler> All { get; } =
    [
        Command(Wire.Operations.CancelJob, CancelJob.Decide),
        Command(Wire.Operations.CancelJobs, CancelJobs.Decide),
        Command(Wire.Operations.CreateComputeEnvironment, CreateComputeEnvironment.Decide),
        Command(Wire.Operations.CreateConsumableResource, CreateConsumableResource.Decide),
        Command(Wire.Operations.CreateJobQueue, CreateJobQueue.Decide),
        Command(Wire.Operations.CreateQuotaShare, CreateQuotaShare.Decide),
        Command(Wire.Operations.CreateSchedulingPolicy, CreateSchedulingPolicy.Decide),
        Command(Wire.Operations.CreateServiceEnvironment, CreateServiceEnvironment.Decide),
        Command(Wire.Operations.DeleteComputeEnvironment, DeleteComputeEnvironment.Decide),
        Command(Wire.Operations.DeleteConsumableResource, DeleteConsumableResource.Decide),
        Command(Wire.Operations.DeleteJobQueue, DeleteJobQueue.Decide),
        Command(Wire.Operations.DeleteQuotaShare, DeleteQuotaShare.Decide),
        Command(Wire.Operations.DeleteSchedulingPolicy, DeleteSchedulingPolicy.Decide),
        Command(Wire.Operations.DeleteServiceEnvironment, DeleteServiceEnvironment.Decide),
        Command(Wire.Operations.DeregisterJobDefinition, DeregisterJobDefinition.Decide),
        Query(Wire.Operations.DescribeComputeEnvironments, DescribeComputeEnvironments.Answer),
        Query(Wire.Operations.DescribeConsumableResource, DescribeConsumableResource.Answer),
        Query(Wire.Operations.DescribeJobDefinitions, DescribeJobDefinitions.Answer),
        Query(Wire.Operations.DescribeJobQueues, DescribeJobQueues.Answer),
        Query(Wire.Operations.DescribeJobs, DescribeJobs.Answer),
        Query(Wire.Operations.DescribeQuotaShare, DescribeQuotaShare.Answer),
        Query(Wire.Operations.DescribeSchedulingPolicies, DescribeSchedulingPolicies.Answer),
        Query(Wire.Operations.DescribeServiceEnvironments, DescribeServiceEnvironments.Answer),
        Query(Wire.Operations.DescribeServiceJob, DescribeServiceJob.Answer),
        Command(Wire.Operations.GetJobQueueSnapshot, GetJobQueueSnapshot.Decide),
        Query(Wire.Operations.ListConsumableResources, ListConsumableResources.Answer),
        Query(Wire.Operations.ListJobs, ListJobs.Answer),
        Query(Wire.Operations.ListJobsByConsumableResource, ListJobsByConsumableResource.Answer),
        Query(Wire.Operations.ListQuotaShares, ListQuotaShares.Answer),
        Query(Wire.Operations.ListSchedulingPolicies, ListSchedulingPolicies.Answer),
        Query(Wire.Operations.ListServiceJobs, ListServiceJobs.Answer),
        Query(Wire.Operations.ListTagsForResource, ListTagsForResource.Answer),
        Command(Wire.Operations.RegisterJobDefinition, RegisterJobDefinition.Decide),
        Command<SubmitJobRequest, SubmitJobResponse, SubmissionReads>(Wire.Operations.SubmitJob, SubmissionReads.Read, SubmitJob.Decide),
        Command<SubmitServiceJobRequest, SubmitServiceJobResponse, SubmittedBefore>(
            Wire.Operations.SubmitServiceJob, SubmitServiceJob.Read, SubmitServiceJob.Decide),
        Command<TagResourceRequest, TagResourceResponse, IReadOnlyDictionary<string, string>>(
            Wire.Operations.TagResource, TagResource.Read, TagResource.Decide),
        Command(Wire.Operations.TerminateJob, TerminateJob.Decide),
        Command(Wire.Operations.TerminateJobs, TerminateJobs.Decide),
        Command(Wire.Operations.TerminateServiceJob, TerminateServiceJob.Decide),
        Command(Wire.Operations.TerminateServiceJobs, TerminateServiceJobs.Decide),
        Command<UntagResourceRequest, UntagResourceResponse, IReadOnlyDictionary<string, string>>(
            Wire.Operations.UntagResource, UntagResource.Read, UntagResource.Decide),
        Command(Wire.Operations.UpdateComputeEnvironment, UpdateComputeEnvironment.Decide),
        Command(Wire.Operations.UpdateConsumableResource, UpdateConsumableResource.Decide),
        Command(Wire.Operations.UpdateJobQueue, UpdateJobQueue.Decide),
        Command(Wire.Operations.UpdateQuotaShare, UpdateQuotaShare.Decide),
        Command(Wire.Operations.UpdateSchedulingPolicy, UpdateSchedulingPolicy.Decide),
        Command(Wire.Operations.UpdateServiceEnvironment, UpdateServiceEnvironment.Decide),
        Command(Wire.Operations.UpdateServiceJob, UpdateServiceJob.Decide),
    ];

    private static readonly FrozenDictionary<string, OperationHandler> ByName =
        All.ToFrozenDictionary(handler => handler.Operation.Name, StringComparer.Ordinal);

    /// <summary>Returns the handler of an operation of the model.</summary>
    public static OperationHandler Of(Operation operation) => ByName[operation.Name];
}
