using System.Globalization;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Storage;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>DescribeJobDefinitions: a list of revisions, or all of a name or of everything, the newest revision of a name first.</summary>
internal static class DescribeJobDefinitions
{
    private const string Listing = "job-definition";
    private const int MaximumNames = 100;

    public static Wire.DescribeJobDefinitionsResponse Answer(IBatchQueries queries, Scope scope, Wire.DescribeJobDefinitionsRequest request)
    {
        Paging.RefuseBoth(request.JobDefinitions, request.MaxResults, "JobDefinitions");
        if (request.JobDefinitions is { Count: > 0 } references)
        {
            Require(references.Count <= MaximumNames, OpenTexts.TooManyDefinitions);
            var arns = references.SelectMany(r => ArnsOf(scope, r)).Distinct().ToList();
            var found = queries.JobDefinitions(new JobDefinitionQuery(scope, int.MaxValue) { Arns = arns });
            return new() { JobDefinitions = [.. found.Select(d => d.Value.ToWire(d.Tags))] };
        }

        var pageSize = Paging.PageSize(request.MaxResults);
        var query = new JobDefinitionQuery(scope, pageSize + 1)
        {
            Name = NameOf(request.JobDefinitionName),
            IsActive = IsActive(request.Status),
            After = After(request.NextToken),
        };
        if (request.Status is { Length: > 0 } && query.IsActive is null)
        {
            return new() { JobDefinitions = [] };
        }

        var (page, nextToken) = Paging.Cut(
            queries.JobDefinitions(query), pageSize, d => Paging.Token(Listing, $"{d.Value.Name}:{d.Value.Revision}"));
        return new() { JobDefinitions = [.. page.Select(d => d.Value.ToWire(d.Tags))], NextToken = nextToken };
    }

    /// <summary>Parses a full ARN or <c>name:revision</c>; anything else names no revision and is left out.</summary>
    private static IEnumerable<string> ArnsOf(Scope scope, string reference)
    {
        if (Arn.Parse(reference) is not null)
        {
            yield return reference;
        }
        else if (reference.LastIndexOf(':') is > 0 and var colon
            && int.TryParse(reference.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
        {
            yield return Arn.JobDefinition(scope, reference[..colon], revision);
        }
    }

    private static string? NameOf(string? name) =>
        string.IsNullOrEmpty(name) ? null : Arn.Parse(name) is { } arn ? arn.Name.Split(':')[0] : name;

    private static bool? IsActive(string? status) => status switch
    {
        JobDefinition.Active => true,
        JobDefinition.Inactive => false,
        _ => null,
    };

    private static (string Name, int Revision)? After(string? token)
    {
        if (Paging.Place(Listing, token) is not { } place)
        {
            return null;
        }

        var colon = place.LastIndexOf(':');
        Require(
            int.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) && colon > 0,
            OpenTexts.NextToken);
        return (place[..colon], revision);
    }
}
