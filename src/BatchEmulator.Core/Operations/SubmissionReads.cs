using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Core.Operations;

/// <summary>Data of the store that a submission needs.</summary>
/// <param name="Finished">The jobs that it depends on.</param>
/// <param name="Definition">Its definition with the tags; not read if the submission itself has no tags.</param>
internal sealed record SubmissionReads(FinishedDependencies Finished, Tagged<JobDefinition>? Definition)
{
    public static SubmissionReads Read(IBatchQueries queries, Scope scope, Wire.SubmitJobRequest request) => new(
        FinishedDependencies.Read(queries, scope, request),
        request.Tags is { Count: > 0 } ? ReadDefinition(queries, scope, request.JobDefinition!) : null);

    /// <summary>
    /// Combines the propagated tags of the job and its definition; with too many of them the job fails (API Reference, SubmitJob,
    /// propagateTags).
    /// </summary>
    /// <exception cref="StaleReadException">The reference now means another definition.</exception>
    internal JobSpecification WithTagsBounded(JobSpecification specification, Wire.SubmitJobRequest request)
    {
        if (specification.PropagateTags != true || request.Tags is not { Count: > 0 } own)
        {
            return specification;
        }

        if (Definition is not { } definition || definition.Value.Arn != specification.JobDefinitionArn)
        {
            throw new StaleReadException();
        }

        return definition.Tags.Keys.Union(own.Keys).Count() <= TagRules.MaximumPerResource
            ? specification
            : specification with { DispatchFailure = OpenTexts.TooManyPropagatedTags };
    }

    private static Tagged<JobDefinition>? ReadDefinition(IBatchQueries queries, Scope scope, string given)
    {
        if (JobDefinitionReference.TryParse(scope, given) is not { IsOfScope: true } reference)
        {
            return null;
        }

        var query = new JobDefinitionQuery(scope, 1);
        var found = queries.JobDefinitions(reference.Revision is { } revision
            ? query with { Arns = [Arn.JobDefinition(scope, reference.Name, revision)] }
            : query with { Name = reference.Name, IsActive = true });
        return found.Count == 0 ? null : found[0];
    }
}
