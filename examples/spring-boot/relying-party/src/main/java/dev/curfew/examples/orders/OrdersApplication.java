package dev.curfew.examples.orders;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The application. */
@SpringBootApplication
public class OrdersApplication {
    /** Spring calls it. */
    public OrdersApplication() {}

    /**
     * Starts a node.
     *
     * @param args properties, as Spring Boot reads them
     */
    public static void main(String[] args) {
        SpringApplication.run(OrdersApplication.class, args);
    }
}
