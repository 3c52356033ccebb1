using BatchEmulator.Contract;
using BatchEmulator.Core.Operations;
using BatchEmulator.Hosting.Http;

namespace BatchEmulator.Hosting.Batch;

/// <summary>
/// The routes of the API model: a fixed path per operation, but for the tag operations, which share a path and differ in method.
/// </summary>
internal sealed class RouteTable
{
    /// <summary>Maximum size of a body: by the service quotas, the largest requests are far smaller.</summary>
    public const int MaximumBody = 1024 * 1024;

    private const string TagPrefix = "/v1/tags/";

    /// <summary>Service quotas, "Maximum SubmitJob payload" and "Maximum size of a job definition".</summary>
    private static readonly Dictionary<string, int> BodyLimits = new(StringComparer.Ordinal)
    {
        ["SubmitJob"] = 30 * 1024,
        ["RegisterJobDefinition"] = 24 * 1024,
        ["SubmitServiceJob"] = 30 * 1024,
    };

    private readonly Dictionary<string, Route> _fixed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Route> _tags = new(StringComparer.Ordinal);

    public RouteTable()
    {
        foreach (var operation in Contract.Batch.Operations.All)
        {
            var route = new Route(
                operation, OperationRegistry.Of(operation), BodyLimits.GetValueOrDefault(operation.Name, MaximumBody), null);
            if (operation.Route.StartsWith(TagPrefix, StringComparison.Ordinal))
            {
                _tags[operation.Method] = route;
            }
            else
            {
                _fixed[operation.Route] = route;
            }
        }
    }

    /// <summary>Finds the route of a request; returns the error if there is none.</summary>
    public WireError? Find(HttpContext context, out Route? route)
    {
        var method = context.Request.Method;
        if (context.Request.Path.Value is { } path && _fixed.TryGetValue(path, out route))
        {
            return method == route.Operation.Method ? null : WrongMethod(context, [route.Operation.Method]);
        }

        route = null;
        var raw = UriMembers.RawPath(context);
        if (!raw.StartsWith(TagPrefix, StringComparison.Ordinal) || raw.Length == TagPrefix.Length)
        {
            return WireError.UnknownOperation;
        }

        if (!_tags.TryGetValue(method, out route))
        {
            return WrongMethod(context, _tags.Keys);
        }

        route = route with { Label = UriMembers.Decode(raw[TagPrefix.Length..]) };
        return null;
    }

    private static WireError WrongMethod(HttpContext context, IEnumerable<string> allowed)
    {
        context.Response.Headers.Allow = string.Join(", ", allowed);
        return WireError.WrongMethod;
    }
}

/// <summary>An operation and how a request reached it.</summary>
/// <param name="Operation">The operation of the model.</param>
/// <param name="Handler">Handler of the operation.</param>
/// <param name="BodyLimit">Maximum size of the body in bytes.</param>
/// <param name="Label">The path's label, decoded.</param>
internal sealed record Route(Operation Operation, OperationHandler Handler, int BodyLimit, string? Label);
