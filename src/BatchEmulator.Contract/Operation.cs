using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace BatchEmulator.Contract;

/// <summary>One operation of an API model: its name and its route.</summary>
/// <param name="name">The operation's name, e.g. <c>SubmitJob</c>.</param>
/// <param name="method">HTTP method.</param>
/// <param name="route">REST-JSON: the URI template (<c>/v1/tags/{resourceArn}</c>). JSON-RPC: the <c>X-Amz-Target</c>.</param>
public abstract class Operation(string name, string method, string route)
{
    public string Name { get; } = name;

    public string Method { get; } = method;

    public string Route { get; } = route;

    public override string ToString() => Name;
}

/// <summary>An operation with the types of its request and response.</summary>
public sealed class Operation<TRequest, TResponse>(
    string name,
    string method,
    string route,
    Func<JsonTypeInfo<TRequest>> request,
    Func<JsonTypeInfo<TResponse>> response,
    Func<TRequest, Violation?> findViolation,
    Func<TRequest, IUriMembers, TRequest>? bindUri) : Operation(name, method, route)
    where TRequest : class
    where TResponse : class
{
    // Metadata is built on first use: building it for every operation at start would cost the start-up time.
    private readonly Lazy<JsonTypeInfo<TRequest>> _request = new(request);
    private readonly Lazy<JsonTypeInfo<TResponse>> _response = new(response);

    public JsonTypeInfo<TRequest> Request => _request.Value;

    public JsonTypeInfo<TResponse> Response => _response.Value;

    /// <summary>Reads a request. A missing body is an empty object; any other must be a single object.</summary>
    /// <exception cref="JsonException">It is not, or a member has the wrong type.</exception>
    public TRequest ReadRequest(ReadOnlySequence<byte> body)
    {
        if (body.IsEmpty)
        {
            return JsonSerializer.Deserialize("{}"u8, Request)!;
        }

        try
        {
            var reader = new Utf8JsonReader(body);
            var value = JsonSerializer.Deserialize(ref reader, Request) ?? throw new JsonException("an object is expected");
            return reader.Read() ? throw new JsonException("nothing may follow the object") : value;
        }
        catch (Exception exception) when (exception is InvalidOperationException or NotSupportedException)
        {
            // Invalid Unicode, such as an escaped half of a surrogate pair.
            throw new JsonException(exception.Message, exception);
        }
    }

    /// <summary>Returns the first constraint of the model that the request breaks; null if it breaks none.</summary>
    public Violation? FindViolation(TRequest value) => findViolation(value);

    /// <summary>Fills the members that the model places in the URI.</summary>
    public TRequest BindUri(TRequest value, IUriMembers uri) => bindUri is null ? value : bindUri(value, uri);
}

/// <summary>The members of a request in its URI, decoded once.</summary>
public interface IUriMembers
{
    /// <summary>Returns a label of the path; null if it is missing.</summary>
    string? Label(string name);

    /// <summary>Returns all values of a query parameter; null if there are none.</summary>
    IReadOnlyList<string>? Query(string name);
}

/// <summary>Response of an operation whose model has no output: an empty body.</summary>
public sealed record NoContent;
