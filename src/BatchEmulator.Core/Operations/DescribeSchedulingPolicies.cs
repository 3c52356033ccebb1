using BatchEmulator.Core.Identity;
using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.Storage;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>DescribeSchedulingPolicies: up to 100 ARNs; unknown ones are left out.</summary>
internal static class DescribeSchedulingPolicies
{
    private const int MaximumArns = 100;

    public static Wire.DescribeSchedulingPoliciesResponse Answer(
        IBatchQueries queries, Scope scope, Wire.DescribeSchedulingPoliciesRequest request)
    {
        var arns = request.Arns!.Distinct().ToList();
        Require(request.Arns!.Count <= MaximumArns, OpenTexts.TooManyPolicies);
        var found = queries.Resources(SchedulingPolicy.Row, new ResourceQuery(scope, arns, 0, MaximumArns));
        return new() { SchedulingPolicies = [.. found.Select(p => p.Value.ToWire(p.Tags))] };
    }
}
