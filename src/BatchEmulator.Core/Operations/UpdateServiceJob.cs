using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>UpdateServiceJob: changes the priority within its share identifier, while the job is unfinished.</summary>
internal static class UpdateServiceJob
{
    public static Wire.UpdateServiceJobResponse Decide(Turn turn, Scope scope, Wire.UpdateServiceJobRequest request)
    {
        JobDefinitionRules.CheckPriority(request.SchedulingPriority);
        var job = ServiceJobLookup.FindUnfinished(turn, scope, request.JobId!);
        RequireState(job is not null, OpenTexts.ServiceJobNotFound(request.JobId!));
        turn.Record(job! with { Service = job.Service! with { SchedulingPriority = request.SchedulingPriority } });
        return new() { JobArn = job.Arn, JobName = job.Specification.JobName, JobId = job.Id };
    }
}
