namespace BatchEmulator.Core;

/// <summary>
/// A request that AWS Batch refuses, HTTP 400 <c>ClientException</c> on the wire. There are two families of text: validation of a
/// request's fields is wrapped (<c>Error executing request, Exception : ..., RequestId: ...</c>), look-up and state errors are bare.
/// </summary>
public sealed class ClientException : RefusalException
{
    private ClientException(string message, bool isWrapped, string code = nameof(ClientException))
        : base(code, message) => IsWrapped = isWrapped;

    /// <summary>Returns true if the message appears inside AWS's wrapper on the wire.</summary>
    public bool IsWrapped { get; }

    /// <summary>Refuses a field of the request: the wrapped family.</summary>
    public static ClientException Invalid(string detail) => new(detail, isWrapped: true);

    /// <summary>Refuses a reference to something that does not exist or is not in a suitable state: the bare family.</summary>
    public static ClientException Refused(string sentence) => new(sentence, isWrapped: false);

    /// <summary>
    /// Refuses a tag. AWS checks tags before AWS Batch sees them, and answers with a type that the API model does not name.
    /// </summary>
    public static ClientException BadRequest(string sentence) => new(sentence, isWrapped: false, "BadRequestException");
}
