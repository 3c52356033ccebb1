using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BatchEmulator.Benchmarks;

/// <summary>
/// A kept-alive HTTP connection with minimal work per request: it sends prepared bytes, and reads the length from the response head.
/// </summary>
internal sealed class WireConnection : IDisposable
{
    /// <summary>The runtime's switch, an environment variable, that runs continuations on the thread of the socket's event.</summary>
    public const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private readonly Socket _socket;
    private byte[] _buffer = new byte[64 * 1024];

    private WireConnection(Socket socket) => _socket = socket;

    public static async Task<WireConnection> OpenAsync(EndPoint address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address);
            return new WireConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Returns a request with the headers of an SDK.</summary>
    public static byte[] Request(string host, string method, string path, string body) => Encoding.UTF8.GetBytes(
        $"""
        {method} {path} HTTP/1.1
        Host: {host}
        User-Agent: aws-sdk-dotnet-coreclr/4.0.102.17 ua/2.1 os/linux md/ARCH#X64 lang/.NET#10.0 md/aws-sdk-dotnet-core#4.0.102.17 api/batch#4.0.11.0
        amz-sdk-invocation-id: 0f2d3b63-8f1c-4d0e-9a5e-2d86e4e1a0c7
        amz-sdk-request: attempt=1; max=5
        X-Amz-Date: 20260501T120000Z
        X-Amz-Content-SHA256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260501/us-east-1/batch/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024
        Content-Type: application/json
        Content-Length: {Encoding.UTF8.GetByteCount(body)}


        """.ReplaceLineEndings("\r\n") + body);

    /// <summary>Sends a request and reads the response; the body is valid until the next call.</summary>
    public async ValueTask<(int Status, ReadOnlyMemory<byte> Body)> SendAsync(ReadOnlyMemory<byte> request)
    {
        while (!request.IsEmpty)
        {
            request = request[await _socket.SendAsync(request)..];
        }

        var filled = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(filled));
            if (read == 0)
            {
                throw new SocketException((int)SocketError.ConnectionReset);
            }

            filled += read;
            if (BodyOf(_buffer.AsSpan(0, filled)) is not var (start, length))
            {
                continue;
            }

            if (start + length <= filled)
            {
                return (int.Parse(_buffer.AsSpan(9, 3), CultureInfo.InvariantCulture), _buffer.AsMemory(start, length));
            }

            if (start + length > _buffer.Length)
            {
                Array.Resize(ref _buffer, start + length);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static (int Start, int Length)? BodyOf(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        var head = answer[..end];
        var at = head.IndexOf("ontent-Length: "u8);
        at = at < 0 ? head.IndexOf("ontent-length: "u8) : at;
        if (at < 0)
        {
            return (end + 4, 0);
        }

        var length = head[(at + "ontent-Length: ".Length)..];
        var stop = length.IndexOf((byte)'\r');
        return (end + 4, int.Parse(stop < 0 ? length : length[..stop], CultureInfo.InvariantCulture));
    }
}
