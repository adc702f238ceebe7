import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * java Count.java NAME N: adds to a count. CANDOR_URL says where candor serve listens on loopback,
 * and CANDOR_TOKEN_FILE where its token is: api-token in the state folder.
 */
public class Count {
  public static void main(String[] arguments) throws Exception {
    String token = Files.readString(Path.of(System.getenv("CANDOR_TOKEN_FILE"))).strip();
    String body = "{\"%s\": %d}".formatted(arguments[0], Long.parseLong(arguments[1]));
    var request =
        HttpRequest.newBuilder(URI.create(System.getenv("CANDOR_URL") + "/v1/counts"))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Duration.ofSeconds(5))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 204) {
      System.err.println(answer.body());
      System.exit(1);
    }
  }
}
