// What somebody would write with Relay: a plan with its milestones page by page, and a milestone that is moved.
import { graphql } from 'relay-runtime';

export const plans = graphql`
  query MilestonesQuery {
    plans(first: 1) {
      nodes {
        id
        ...Milestones_plan
      }
    }
  }
`;

export const plan = graphql`
  fragment Milestones_plan on Plan
  @argumentDefinitions(count: { type: "Int", defaultValue: 3 }, cursor: { type: "String" })
  @refetchable(queryName: "MilestonesPaginationQuery") {
    title
    milestones(first: $count, after: $cursor, filter: { status: planned })
      @connection(key: "Milestones_milestones", filters: ["filter"]) {
      edges {
        node {
          ...Milestones_line
        }
      }
    }
  }
`;

export const line = graphql`
  fragment Milestones_line on Milestone {
    id
    code
    status
    version
  }
`;

export const move = graphql`
  mutation MilestonesMoveMutation($id: ID!, $version: Int!, $key: String!, $input: MilestoneTransitionInput!) {
    moveMilestone(id: $id, expectedVersion: $version, idempotencyKey: $key, input: $input) {
      __typename
      ... on Milestone {
        id
        status
        version
      }
      ... on StaleVersion {
        detail
      }
    }
  }
`;
